package io.kumo.core.cli.man;

import io.kumo.core.cli.Version;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The manual page of one command, written from what picocli knows of it, in the words of roff. */
final class ManPage {
  private static final List<String> EXIT_STATUS =
      List.of(
          "0: done.",
          "1: failed; a line on standard error says why.",
          "2: the command line is wrong.",
          "3: it worked, and the cluster is not as it should be.");

  private final CommandSpec spec;
  private final Help help;
  private final StringBuilder out = new StringBuilder();

  private ManPage(CommandLine command) {
    spec = command.getCommandSpec();
    help = command.getHelp();
  }

  /** Such as {@code kumoctl-attach}. */
  static String name(CommandLine command) {
    return command.getCommandSpec().qualifiedName("-");
  }

  static String text(CommandLine command) {
    return new ManPage(command).write();
  }

  private String write() {
    String title = spec.qualifiedName("-");
    line(".TH " + escape(title.toUpperCase(Locale.ROOT)) + " 1 \"\" \"kumo " + version() + "\"");
    line(".SH NAME");
    line(escape(title) + " \\- " + escape(summary(spec)));
    line(".SH SYNOPSIS");
    synopsis();
    List<OptionSpec> options = spec.options().stream().filter(option -> !option.hidden()).toList();
    List<PositionalParamSpec> parameters =
        spec.positionalParameters().stream().filter(parameter -> !parameter.hidden()).toList();
    if (options.size() + parameters.size() > 0) {
      line(".SH OPTIONS");
      parameters.forEach(parameter -> item(label(parameter), parameter.description()));
      options.forEach(
          option -> item(String.join(", ", option.names()) + label(option), option.description()));
    }
    commands();
    footer();
    line(".SH EXIT STATUS");
    EXIT_STATUS.forEach(status -> line(escape(status) + "\n.br"));
    return out.toString();
  }

  private void synopsis() {
    String[] custom = spec.usageMessage().customSynopsis();
    if (custom.length == 0) {
      paragraph(help.synopsis(0));
    }
    for (String form : custom) {
      paragraph(form);
      line(".br");
    }
  }

  private void footer() {
    String[] footer = spec.usageMessage().footer();
    if (footer.length > 0) {
      line(".SH NOTES\n.nf");
      Arrays.stream(footer).map(ManPage::plain).map(ManPage::escape).forEach(this::line);
      line(".fi");
    }
  }

  /** Without the marks of a format string. */
  private static String plain(String text) {
    return text.replace("%n", " ").replace("%%", "%");
  }

  private static String version() {
    return escape(Version.current());
  }

  private void commands() {
    if (spec.subcommands().isEmpty()) {
      return;
    }
    line(".SH COMMANDS");
    line("Each has a page of its own.");
    spec.subcommands().values().stream()
        .distinct()
        .map(CommandLine::getCommandSpec)
        .forEach(command -> item(names(command), new String[] {summary(command)}));
  }

  private static String names(CommandSpec command) {
    String aliases = String.join(", ", command.aliases());
    return aliases.isEmpty() ? command.name() : command.name() + ", " + aliases;
  }

  private static String summary(CommandSpec command) {
    return plain(String.join(" ", command.usageMessage().description()));
  }

  private String label(ArgSpec arg) {
    return help.parameterLabelRenderer()
        .renderParameterLabel(arg, Ansi.OFF, List.of())
        .plainString();
  }

  private void item(String term, String[] description) {
    line(".TP");
    line("\\fB" + escape(term) + "\\fR");
    paragraph(plain(String.join(" ", description)));
  }

  private void paragraph(String text) {
    line(escape(text.strip().replaceAll("\\s+", " ")));
  }

  /** A line that begins with a point or an apostrophe would be a request. */
  private static String escape(String text) {
    String escaped = text.replace("\\", "\\e").replace("-", "\\-");
    return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
  }

  private void line(String text) {
    out.append(text).append('\n');
  }
}
