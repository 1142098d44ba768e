package io.kumo.it.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user sees who typed something wrong: one line that says what, and the right exit code. */
class BadInputTest {
  private static final String MANAGER = "io.kumo.manager.ManagerMain";
  private static final String SERVER = "io.kumo.server.ServerMain";
  private static final String GATEWAY = "io.kumo.gateway.GatewayMain";
  private static final String KUMOCTL = "io.kumo.tools.ctl.KumoctlMain";

  @TempDir Path directory;

  private void assertRefused(int exitCode, String message, String mainClass, String... arguments)
      throws Exception {
    KumoProcess.Result result = KumoProcess.run(directory, mainClass, List.of(arguments));
    assertThat(result.errors()).contains(message).doesNotContain("\tat ");
    assertThat(result.output()).isEmpty();
    assertThat(result.exitCode()).isEqualTo(exitCode);
  }

  @Test
  void unknownOptionsAreUsageErrors() throws Exception {
    assertRefused(2, "--nosuch", MANAGER, "--nosuch");
    assertRefused(2, "--nosuch", SERVER, "--nosuch");
    assertRefused(2, "--nosuch", GATEWAY, "--nosuch");
  }

  /** A manager's name may come to resolve later; what a program is itself known by may not. */
  @Test
  void ownAddressesThatDoNotResolveAreUsageErrors() throws Exception {
    String store = directory.resolve("store").toString();
    assertRefused(2, "no-such-host.invalid", MANAGER, "-l", "no-such-host.invalid");
    assertRefused(
        2,
        "no-such-host.invalid",
        SERVER,
        "-l",
        "no-such-host.invalid",
        "-m",
        "127.0.0.1",
        "-s",
        store);
  }

  @Test
  void twoManagersMustDiffer() throws Exception {
    String store = directory.resolve("store").toString();
    assertRefused(
        2,
        "-m and -p must be different",
        SERVER,
        "-m",
        "127.0.0.1",
        "-p",
        "127.0.0.1",
        "-s",
        store);
  }

  @Test
  void aPortInUseIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      String store = directory.resolve("store").toString();
      assertRefused(1, address, MANAGER, "-l", address);
      assertRefused(1, address, SERVER, "-l", address, "-L", "0", "-m", "127.0.0.1:1", "-s", store);
      assertRefused(1, address, GATEWAY, "-m", "127.0.0.1:1", "-t", address);
    }
  }

  /** All that other machines reach, before a port is opened or a folder made. */
  @Test
  void whatMustNotBeOpenIsRefusedBeforeAnythingStarts() throws Exception {
    String store = directory.resolve("store").toString();
    String own = "127.0.0.1:" + FreePorts.one();
    String[] shown = {"--http", "0.0.0.0:" + FreePorts.one(), "--require-security"};
    String line = shown[1] + " would be open to everybody who reaches it (--require-security)";
    assertRefused(2, line, MANAGER, with(shown, "-l", own, "--state", store));
    assertRefused(2, line, SERVER, with(shown, "-l", own, "-m", "127.0.0.1:1", "-s", store));
    assertRefused(2, line, GATEWAY, with(shown, "-m", "127.0.0.1:1", "-t", own));
    String[] open = {"--require-security"};
    String everywhere = "0.0.0.0:" + FreePorts.one();
    line = everywhere + " would be open";
    assertRefused(
        2, line, MANAGER, with(open, "-l", everywhere, "--advertise", own, "--state", store));
    assertRefused(2, line, GATEWAY, with(open, "-m", "127.0.0.1:1", "-t", everywhere));
    assertThat(directory.resolve("store")).doesNotExist();
  }

  private static String[] with(String[] some, String... others) {
    return Stream.concat(Stream.of(others), Stream.of(some)).toArray(String[]::new);
  }

  @Test
  void aStoreThatIsSomethingElseIsNamedAsWhatItIs() throws Exception {
    Path file = Files.writeString(directory.resolve("old.tch"), "ToKyO CaBiNeT\nand more");
    Path foreign = Files.createDirectory(directory.resolve("foreign"));
    Files.writeString(foreign.resolve("photo.jpg"), "not a record");
    assertRefused(1, file.toString(), SERVER, "-m", "127.0.0.1:1", "-s", file.toString());
    assertRefused(1, "Tokyo Cabinet", SERVER, "-m", "127.0.0.1:1", "-s", file.toString());
    assertRefused(1, foreign.toString(), SERVER, "-m", "127.0.0.1:1", "-s", foreign.toString());
  }

  @Test
  void aManagerThatIsNotThereIsNamedByTools() throws Exception {
    assertRefused(1, "127.0.0.1:1", KUMOCTL, "127.0.0.1:1", "status");
  }

  @Test
  void aServerWaitsForItsManagerAndSaysSoOnce() throws Exception {
    ClusterProcesses cluster = new ClusterProcesses(directory, 1);
    try (cluster) {
      cluster.startServer(0);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> cluster.process("server-0").output().contains("is not there yet"));
      cluster.startManager(0);
      cluster.awaitNewcomers(1);

      assertThat(cluster.process("server-0").output().split("is not there yet", -1)).hasSize(2);
      assertThat(cluster.process("manager-0").output()).contains("new node", "server connected");
    }
  }
}
