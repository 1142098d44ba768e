package io.kumo.core.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kumo.core.cli.option.DaemonOptions;
import io.kumo.core.cli.option.KeepaliveOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

class CliTest {

  @Command(name = "thing", mixinStandardHelpOptions = true, versionProvider = Version.class)
  static final class Thing implements Callable<Integer> {
    @Option(names = "-l", required = true, converter = AddressConverter.Manager.class)
    @Nullable InetSocketAddress listen;

    @Option(names = {"-As", "--async-set"})
    boolean async;

    @Mixin DaemonOptions daemon = new DaemonOptions();
    @Mixin KeepaliveOptions keepalive = new KeepaliveOptions();
    @Nullable Exception fail;

    @Override
    public Integer call() throws Exception {
      if (fail != null) {
        throw fail;
      }
      return 0;
    }
  }

  private final Thing thing = new Thing();
  private final StringWriter err = new StringWriter();
  private final StringWriter out = new StringWriter();

  private int run(String... args) {
    CommandLine line = Cli.commandLine(thing);
    line.setErr(new PrintWriter(err));
    line.setOut(new PrintWriter(out));
    return line.execute(args);
  }

  @Test
  void defaultsAreThoseOfTheManual() {
    assertThat(run("-l", "1234")).isZero();
    assertThat(thing.keepalive.interval()).isEqualTo(Duration.ofSeconds(2));
    assertThat(thing.daemon.rpc().toEndpointOptions().connectTimeoutNs())
        .isEqualTo(Duration.ofSeconds(10).toNanos());
    assertThat(thing.daemon.rpc().toEndpointOptions().connectRetryLimit()).isEqualTo(4);
    assertThat(thing.daemon.log().verbose()).isFalse();
    assertThat(thing.daemon.log().toFile()).isFalse();
    assertThat(thing.async).isFalse();
  }

  @Test
  void everySharedOptionIsRead() {
    assertThat(
            run(
                "-l", "1", "-k", "500ms", "-Ys", "3", "-Yn", "7", "-Ci", "8s", "-TW", "2", "-TR",
                "8", "-o", "f", "-v"))
        .isZero();
    assertThat(thing.keepalive.interval()).isEqualTo(Duration.ofMillis(500));
    assertThat(thing.daemon.rpc().toEndpointOptions().connectTimeoutNs())
        .isEqualTo(Duration.ofSeconds(3).toNanos());
    assertThat(thing.daemon.rpc().toEndpointOptions().connectRetryLimit()).isEqualTo(7);
    assertThat(thing.daemon.log().toFile()).isTrue();
    assertThat(thing.daemon.log().verbose()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"true,true", "yes,true", "on,true", "false,false", "no,false", "OFF,false"})
  void aBooleanOptionMayBeFollowedByAWord(String word, boolean expected) {
    assertThat(run("-As", word, "-v", word, "-l", "1")).isZero();
    assertThat(thing.async).isEqualTo(expected);
    assertThat(thing.daemon.log().verbose()).isEqualTo(expected);
  }

  @Test
  void aBooleanOptionNeedsNoWord() {
    assertThat(run("-As", "-l", "1", "-v")).isZero();
    assertThat(thing.async).isTrue();
    assertThat(thing.daemon.log().verbose()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-x", "--nonsense", "stray", "-lx", "-vv"})
  void anUnknownArgumentIsOneLineAndAHint(String argument) {
    assertThat(run("-l", "1", argument)).isEqualTo(ExitStatus.USAGE.code());
    assertThat(err.toString().lines().toList()).hasSize(2);
    assertThat(err.toString()).startsWith("thing: ").contains(argument);
    assertThat(err.toString()).endsWith("Try 'thing --help'." + System.lineSeparator());
  }

  @Test
  void anUnresolvableHostIsOneLineAndAHint() {
    assertThat(run("-l", "no-such-host.invalid")).isEqualTo(ExitStatus.USAGE.code());
    assertThat(err.toString()).contains("cannot resolve host 'no-such-host.invalid'");
  }

  @Test
  void aMissingOptionIsNamed() {
    assertThat(run("-v")).isEqualTo(ExitStatus.USAGE.code());
    assertThat(err.toString()).contains("-l");
  }

  @Test
  void aFailureIsOneLine() {
    thing.fail = CliException.failed("port 1 is in use");
    assertThat(run("-l", "1")).isEqualTo(ExitStatus.FAILED.code());
    assertThat(err.toString().trim()).isEqualTo("thing: port 1 is in use");
  }

  @Test
  void anInputOutputErrorIsOneLine() {
    thing.fail = new IOException("no space left");
    assertThat(run("-l", "1")).isEqualTo(ExitStatus.FAILED.code());
    assertThat(err.toString().trim()).isEqualTo("thing: no space left");
  }

  @Test
  void aBugShowsWhereItIs() {
    thing.fail = new IllegalStateException("impossible");
    assertThat(run("-l", "1")).isEqualTo(ExitStatus.FAILED.code());
    assertThat(err.toString()).contains("internal error: impossible").contains("\tat ");
  }

  @Test
  void aStatusIsTheExitCode() {
    thing.fail = new CliException(ExitStatus.NOT_AS_IT_SHOULD_BE, "a server is fault");
    assertThat(run("-l", "1")).isEqualTo(3);
  }

  @Test
  void helpAndVersionNeedNoOptions() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).startsWith("kumo ").doesNotContain("$", "unknown");
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("--keepalive-interval", "--daemon", "--async-set");
  }

  @Test
  void aMistypedOptionIsAnsweredWithTheOneThatIsMeant() {
    assertThat(run("-l", "1", "--async-sett")).isEqualTo(2);
    assertThat(err.toString()).contains("'--async-sett'; did you mean --async-set?");
  }

  @Test
  void aWordThatIsLikeNoneIsAnsweredWithoutAGuess() {
    assertThat(Suggestion.didYouMean("atach", List.of("attach", "detach")))
        .isEqualTo("; did you mean attach?");
    assertThat(Suggestion.didYouMean("stauts", List.of("status"))).contains("status");
    assertThat(Suggestion.didYouMean("frobnicate", List.of("attach", "status"))).isEmpty();
  }

  @Test
  void aFileThatCannotBeWrittenIsSaidWithTheReason() {
    assertThat(run("-l", "1", "-o", "/no/such/folder/log")).isZero();
    assertThatThrownBy(thing.daemon.log()::startLogging)
        .hasMessage("cannot write the log /no/such/folder/log: no such file or directory");
    assertThat(run("-l", "1", "-g", "/proc/version/events")).isZero();
    assertThatThrownBy(thing.daemon.log()::openBinaryLog)
        .hasMessageContaining("/proc/version/events: Not a directory");
    thing.fail = new NoSuchFileException("/some/file");
    assertThat(run("-l", "1")).isEqualTo(1);
    assertThat(err.toString()).isEqualTo("thing: /some/file: no such file or directory\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-Yn=-1", "-Ys=0"})
  void whatIsOutOfBoundsIsRefused(String option) {
    assertThat(run("-l", "1", option)).isZero();
    assertThatThrownBy(thing.daemon.rpc()::toEndpointOptions).hasMessageContaining("must");
  }

  @Test
  void whatAStrangerSentDoesNotCommandTheTerminal() {
    thing.fail = CliException.failed("it answers \u001b]0;owned\u0007\u009b2J\u007f\nand more");
    assertThat(run("-l", "127.0.0.1")).isEqualTo(1);
    assertThat(err.toString()).isEqualTo("thing: it answers ?]0;owned??2J? and more\n");
  }
}
