package io.kumo.core.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Lets every boolean option be followed by true, yes, on, false, no or off, as in kumofs 0.4.13;
 * picocli alone knows true and false.
 */
final class BooleanWords implements IParameterPreprocessor {

  private static final Map<String, String> WORDS =
      Map.of(
          "true", "true", "yes", "true", "on", "true", "false", "false", "no", "false", "off",
          "false");

  /** Gives each boolean option of {@code spec}, help options aside, its optional word. */
  static void applyTo(CommandSpec spec) {
    List<OptionSpec> flags = new ArrayList<>();
    for (OptionSpec option : spec.options()) {
      boolean isFlag = option.type() == boolean.class || option.type() == Boolean.class;
      if (isFlag && !option.usageHelp() && !option.versionHelp() && option.arity().min() == 0) {
        flags.add(option);
      }
    }
    for (OptionSpec flag : flags) {
      spec.remove(flag);
      spec.addOption(
          OptionSpec.builder(flag)
              .arity("0..1")
              .fallbackValue("true")
              .paramLabel("yes|no")
              .preprocessor(new BooleanWords())
              .build());
    }
    spec.subcommands().values().forEach(sub -> applyTo(sub.getCommandSpec()));
  }

  @Override
  public boolean preprocess(
      Stack<String> args, CommandSpec commandSpec, ArgSpec argSpec, Map<String, Object> info) {
    if (!args.isEmpty()) {
      String word = WORDS.get(args.peek().toLowerCase(Locale.ROOT));
      if (word != null) {
        args.pop();
        args.push(word);
      }
    }
    return false;
  }
}
