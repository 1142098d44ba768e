package io.kumo.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.cli.Cli;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ServerMainTest {
  private final StringWriter err = new StringWriter();
  @TempDir Path folder;

  @Test
  void aPortInUseIsOneLineAndExitOne() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int code = run("-l", "127.0.0.1:" + taken.getLocalPort(), "-L", "0");
      assertThat(code).isEqualTo(1);
      assertThat(err.toString().lines()).hasSize(1);
      assertThat(err.toString()).startsWith("kumo-server: ").contains("" + taken.getLocalPort());
      assertThat(run("-l", "127.0.0.1:0", "-L", "" + taken.getLocalPort())).isNotZero();
      assertThat(folder.resolve("store")).doesNotExist();
    }
  }

  @Test
  void aStoreThatIsAFileIsNamedForWhatItIs() throws IOException {
    Path file = Files.writeString(folder.resolve("old.tch"), "ToKyO CaBiNeT");
    int code = run("-s", file.toString());
    assertThat(code).isEqualTo(1);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).startsWith("kumo-server: ").contains("old.tch");
    assertThat(err.toString()).contains("kumo-import -m MANAGER " + file);
    assertThat(run("-s", file + "#xmsiz=600m")).isEqualTo(1);
  }

  @Test
  void theTwoManagersMustDiffer() {
    assertThat(run("-p", "127.0.0.1:19700")).isEqualTo(2);
    assertThat(err.toString()).contains("-m and -p must be different");
  }

  @Test
  void whatIsMissingOrUnknownIsAUsageError() {
    assertThat(runPlain("-m", "127.0.0.1")).isEqualTo(2);
    assertThat(err.toString()).contains("--store");
    assertThat(run("--nonsense")).isEqualTo(2);
    assertThat(run("-L", "nowhere.invalid:1")).isEqualTo(2);
    assertThat(run("--shards", "7")).isEqualTo(2);
    assertThat(err.toString()).contains("--shards must be a power of two from 1 to 256");
    assertThat(run("--dirty-memory", "1k")).isEqualTo(2);
    assertThat(err.toString()).contains("--dirty-memory must be at least 1m");
    assertThat(run("--log-size", "1k")).isEqualTo(2);
    assertThat(err.toString()).contains("--log-size must be");
    assertThat(run("-M", "-1")).isEqualTo(2);
    assertThat(err.toString()).contains("-M must be from 0");
    assertThat(run("--zone", "room 1")).isEqualTo(2);
    assertThat(err.toString()).contains("letters, digits");
    assertThat(run("--min-copies", "8")).isEqualTo(2);
    assertThat(err.toString()).contains("--min-copies must be from 1 to 7");
  }

  /** The command line of the original goes as far as the port, which is taken. */
  @Test
  void whatScriptsOfTheOriginalSayIsAcceptedAndExplained() throws IOException {
    Path log = folder.resolve("log");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      List<String> arguments = new ArrayList<>(List.of("-l", "127.0.0.1:" + taken.getLocalPort()));
      arguments.addAll(List.of("-L", "0", "-f", folder.toString(), "-gS", "2048"));
      arguments.addAll(List.of("-s", folder.resolve("x.tch") + "#xmsiz=600m", "-o", "" + log));
      assertThat(run(arguments.toArray(String[]::new))).isEqualTo(1);
    }
    assertThat(Files.readString(log))
        .contains("without effect: -f " + folder)
        .contains("without effect: -gS 2048")
        .contains("without effect: #xmsiz=600m of -s")
        .contains("--dirty-memory");
  }

  @Test
  void aHostThatCannotBeResolvedIsNamed() {
    assertThat(runPlain("-s", "x", "-m", "127.0.0.999")).isEqualTo(2);
    assertThat(err.toString()).contains("127.0.0.999");
  }

  @Test
  void aWildcardNeedsAnAddressThatOthersCanKnow() {
    assertThat(run("-l", "0.0.0.0:19800")).isEqualTo(2);
    assertThat(err.toString()).contains("--advertise");
  }

  private int run(String... more) {
    List<String> args = new ArrayList<>(List.of("-m", "127.0.0.1:19700"));
    if (!List.of(more).contains("-s")) {
      args.addAll(List.of("-s", folder.resolve("store").toString()));
    }
    args.addAll(List.of(more));
    return runPlain(args.toArray(String[]::new));
  }

  private int runPlain(String... args) {
    CommandLine line = Cli.commandLine(new ServerMain());
    line.setErr(new PrintWriter(err, true));
    return line.execute(args);
  }

  @Test
  void zoneAndCopiesAreWhatTheCommandLineSays() {
    ServerConfig config = config("--zone", "room-1", "--min-copies", "2");
    assertThat(config.addresses().zone()).isEqualTo("room-1");
    assertThat(config.writes().minCopies()).isEqualTo(2);
    assertThat(config().addresses().zone()).isEmpty();
    assertThat(config().writes().minCopies()).isOne();
  }

  private static ServerConfig config(String... more) {
    ServerMain main = new ServerMain();
    List<String> args = new ArrayList<>(List.of("-m", "127.0.0.1", "-s", "x"));
    args.addAll(List.of(more));
    Cli.commandLine(main).parseArgs(args.toArray(String[]::new));
    return main.config();
  }

  @Test
  void theLongerOfBothTimesIsHowLongTombstonesLive() {
    assertThat(keepSeconds("-gN", "10", "-gX", "60")).isEqualTo(60);
    assertThat(keepSeconds("-gN", "90", "-gX", "60")).isEqualTo(90);
    assertThat(keepSeconds()).isEqualTo(3600);
  }

  private static long keepSeconds(String... more) {
    ServerMain main = new ServerMain();
    List<String> args = new ArrayList<>(List.of("-m", "127.0.0.1", "-s", "x"));
    args.addAll(List.of(more));
    Cli.commandLine(main).parseArgs(args.toArray(new String[0]));
    return main.config().garbage().keepTime().toSeconds();
  }
}
