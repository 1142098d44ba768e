package io.kumo.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The life of the .deb on a fresh Debian with a systemd of its own. */
@Tag("slow")
class DebTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final List<String> UNITS =
      List.of(
          "kumo-manager.service",
          "kumo-server@1.service",
          "kumo-server@2.service",
          "kumo-server@3.service",
          "kumo-gateway.service");
  private static final String OTHER_PORTS =
      "KUMO_SERVER_OPTIONS=\"-l 127.0.0.1:1980%1$s -L 1990%1$s -m 127.0.0.1\"%n";

  @TempDir(cleanup = CleanupMode.NEVER)
  Path folder;

  @Test
  void itServesKeepsDataWhenRemovedAndLeavesNothingWhenPurged() throws Exception {
    Optional<String> missing = DebianMachine.missing();
    assumeTrue(missing.isEmpty(), missing.orElse(""));
    try (DebianMachine debian =
        DebianMachine.make(folder.resolve("debian"), "systemd,systemd-sysv,dbus,man-db,iproute2")) {
      debian.install(Packed.deb());
      debian.boot();
      unitsAreSoundAndHardened(debian);
      configureAndStart(debian);
      assertThat(listening(debian)).allMatch(address -> address.startsWith("127.0.0.1:"));
      aClientIsServed(debian);
      removalKeepsTheRecords(debian);
      purgeLeavesNothing(debian);
    }
    Command.need("rm", "-rf", folder.toString());
  }

  private static void unitsAreSoundAndHardened(DebianMachine debian) throws Exception {
    for (String unit : UNITS) {
      assertThat(debian.need("systemd-analyze", "verify", unit)).as(unit).isEmpty();
      // The threshold is in tenths: 1.5 of 10, where less is less exposed.
      String security =
          debian.need(
              "systemd-analyze", "security", "--offline=yes", "--threshold=15", "--no-pager", unit);
      System.out.println(security.lines().reduce("", (before, line) -> line));
    }
    assertThat(debian.need("man", "-w", "kumo-server", "kumoctl-attach").lines()).hasSize(2);
  }

  private static void configureAndStart(DebianMachine debian) throws Exception {
    for (String name : List.of("2", "3")) {
      Files.writeString(
          debian.path("/etc/default/kumo-server@" + name), OTHER_PORTS.formatted(name));
    }
    start(debian);
  }

  private static void start(DebianMachine debian) throws IOException, InterruptedException {
    for (String unit : UNITS) {
      debian.need("systemctl", "start", unit);
    }
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              debian.run("kumoctl", "127.0.0.1", "attach");
              String status = debian.run("kumoctl", "127.0.0.1", "status").output();
              return Pattern.compile("\\(active\\)").matcher(status).results().count() == 3;
            });
  }

  private static List<String> listening(DebianMachine debian) throws Exception {
    String sockets = debian.need("ss", "-Hltn");
    List<String> addresses =
        Pattern.compile("(?m)^LISTEN +\\d+ +\\d+ +(\\S+)")
            .matcher(sockets)
            .results()
            .map((MatchResult found) -> found.group(1).replace("[::ffff:127.0.0.1]", "127.0.0.1"))
            .toList();
    assertThat(addresses).as(sockets).hasSizeGreaterThanOrEqualTo(8);
    return addresses;
  }

  /** What the gateway answers, all of it. */
  private static String ask(DebianMachine debian, String request)
      throws IOException, InterruptedException {
    return debian
        .run(
            "bash",
            "-c",
            "exec 3<>/dev/tcp/127.0.0.1/11211; printf '" + request + "quit\\r\\n' >&3; cat <&3")
        .output();
  }

  private static void aClientIsServed(DebianMachine debian) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(ask(debian, "set hello 0 0 5\\r\\nworld\\r\\nget hello\\r\\n"))
                    .isEqualTo("STORED\r\nVALUE hello 0 5\r\nworld\r\nEND\r\n"));
  }

  private static void removalKeepsTheRecords(DebianMachine debian) throws Exception {
    debian.need("apt-get", "remove", "-y", "-qq", "kumo");
    assertThat(debian.need("systemctl", "list-units", "--no-legend", "kumo-*")).isEmpty();
    assertThat(debian.path("/usr/bin/kumo-server")).doesNotExist();
    assertThat(debian.path("/var/lib/kumo/1/kumo-store")).exists();
    assertThat(debian.path("/etc/default/kumo-server")).exists();
    debian.install(Packed.deb());
    start(debian);
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(ask(debian, "get hello\\r\\n")).contains("world"));
  }

  private static void purgeLeavesNothing(DebianMachine debian) throws Exception {
    debian.need("apt-get", "purge", "-y", "-qq", "kumo");
    String left =
        "find /etc /usr /var/lib /var/log /run -name '*kumo*' ! -path '/var/log/journal/*'";
    assertThat(debian.need("sh", "-c", left)).isEmpty();
  }
}
