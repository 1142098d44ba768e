package io.kumo.core.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.cli.Cli;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Of many commands those are made that a command line may mean. */
class ManyCommandsTest {

  @Command(name = "many", mixinStandardHelpOptions = true)
  static final class Many implements ManyCommands {
    @Option(names = "-m")
    private String manager = "none";

    @Parameters private List<String> words = new ArrayList<>();

    @Override
    public List<Class<?>> commandClasses() {
      return List.of(Look.class, Change.class);
    }

    @Override
    public Integer call() {
      return 9 + words.size();
    }
  }

  @Command(name = "look", aliases = "see")
  static final class Look implements Callable<Integer> {
    @ParentCommand private Many many = new Many();
    @Parameters private List<String> keys = new ArrayList<>();

    @Override
    public Integer call() {
      return many.manager.equals("there") ? 10 + keys.size() : 1;
    }
  }

  @Command(name = "change")
  static final class Change implements Callable<Integer> {
    @Override
    public Integer call() {
      return 20;
    }
  }

  private static List<String> made(String... args) {
    return List.copyOf(Cli.commandLine(new Many(), args).getSubcommands().keySet());
  }

  @Test
  void theOnesThatAreNamedAreMade() {
    assertThat(made("look")).containsExactly("look", "see");
    assertThat(made("manager", "see", "key")).containsExactly("look", "see");
    assertThat(made("manager", "change", "look")).containsExactly("look", "see", "change");
    assertThat(Cli.run(new Many(), "-m", "there", "look", "a", "b")).isEqualTo(12);
    assertThat(Cli.run(new Many(), "change")).isEqualTo(20);
  }

  @Test
  void allAreMadeWhereNoneIsMeant() {
    for (String[] args : new String[][] {{}, {"--help"}, {"chnage"}, {"-m", "there", "look"}}) {
      assertThat(made(args)).containsExactly("look", "see", "change");
    }
    assertThat(Cli.whole(new Many()).getSubcommands()).hasSize(3);
    CommandLine line = Cli.commandLine(new Many(), "--help");
    StringWriter help = new StringWriter();
    line.setOut(new PrintWriter(help));
    assertThat(line.execute("--help")).isZero();
    assertThat(help.toString()).contains("look, see", "change");
  }
}
