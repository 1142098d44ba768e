package io.kumo.it.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Daemons take of the memory that they are given, whoever limits it. */
class LauncherOptionsTest {
  @TempDir Path groups;

  private static String given(String kind, String memory) throws IOException {
    return LauncherOptions.of(kind, Map.of("KUMO_MEMORY", memory));
  }

  /** With the limits of control groups in a folder that stands for the system's. */
  private String limited(String kind, String folder, String file, String bytes) throws IOException {
    Path group = Files.createDirectories(groups.resolve(folder));
    Files.writeString(group.resolve(file), bytes + "\n");
    return LauncherOptions.of(
        kind, Map.of("KUMO_MEMORY", "auto", "KUMO_CONTROL_GROUPS", groups.toString()));
  }

  @Test
  void aQuarterIsForTheHeapAndHalfOutsideIt() throws Exception {
    assertThat(given("server", "4g")).contains("-Xmx1024m -XX:MaxDirectMemorySize=2048m");
    assertThat(given("gateway", "1500m")).contains("-Xmx375m -XX:MaxDirectMemorySize=750m");
    assertThat(given("manager", "1073741824")).contains("-Xmx256m -XX:MaxDirectMemorySize=512m");
  }

  @Test
  void theHeapStaysSmallEnoughToBeCollectedInAMoment() throws Exception {
    assertThat(given("server", "64g")).contains("-Xmx4096m -XX:MaxDirectMemorySize=32768m");
  }

  /** However much memory it is given: all connections that have come since are copied at once. */
  @Test
  void aGatewayCollectsLittleAtATimeWhileClientsCome() throws Exception {
    assertThat(given("gateway", "1g")).contains("-Xmn12m");
    assertThat(given("gateway", "16g")).contains("-Xmx4096m").contains("-Xmn12m");
    assertThat(given("manager", "4g")).doesNotContain("-Xmn");
  }

  /** All of it is resident soon, so it is no share of a heap that is mostly empty. */
  @Test
  void aServerCollectsMoreOfItAndDaemonsGiveBackWhatTheyHaveFreed() throws Exception {
    assertThat(given("server", "16g")).contains("-Xmn16m");
    for (String kind : List.of("manager", "server", "gateway")) {
      assertThat(LauncherOptions.of(kind, javaOf("17.0.15")))
          .contains("-XX:TrimNativeHeapInterval");
    }
    for (String release : List.of("17.0.9", "21.0.1", "22", "25.0.3")) {
      assertThat(LauncherOptions.of("server", javaOf(release)))
          .as(release)
          .contains("-XX:TrimNativeHeapInterval=60000");
    }
    for (String release : List.of("17", "17.0.8", "18.0.2", "21")) {
      assertThat(LauncherOptions.of("server", javaOf(release)))
          .as(release)
          .contains("-Xmn16m")
          .doesNotContain("TrimNativeHeap");
    }
  }

  /** A folder that looks as one of a JDK does to the launchers. */
  private Map<String, String> javaOf(String release) throws IOException {
    Path home = Files.createDirectories(groups.resolve(release));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + release + "\"\n");
    Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
    if (!Files.exists(java)) {
      Files.createFile(java);
    }
    return Map.of("JAVA_HOME", home.toString());
  }

  @Test
  void lessThanItsBoundsAddUpToIsRefusedInALine() throws Exception {
    assertThat(given("server", "1g"))
        .isEqualTo(
            "kumo-server: it is given 1024 MB of memory, and needs 2048:"
                + " give it more, or leave KUMO_MEMORY out\n");
    for (String wrong : List.of("4x", "g", "-4g", "1.5g", "4 g")) {
      assertThat(given("gateway", wrong))
          .isEqualTo("kumo-gateway: KUMO_MEMORY is auto or a size such as 4g, not '%s'\n", wrong);
    }
  }

  @Test
  void theLimitOfAControlGroupIsWhatAUnitIsGiven() throws Exception {
    assertThat(limited("server", ".", "memory.max", "3221225472"))
        .contains("-Xmx768m -XX:MaxDirectMemorySize=1536m");
    assertThat(limited("server", "memory", "memory.limit_in_bytes", "2147483648"))
        .contains("-Xmx512m -XX:MaxDirectMemorySize=1024m");
    assertThat(limited("server", ".", "memory.max", "1073741824")).contains("given 1024 MB");
  }

  @Test
  void withoutALimitItIsAShareOfTheMachine() throws Exception {
    String unlimited = limited("server", ".", "memory.max", "max");
    assertThat(limited("server", "memory", "memory.limit_in_bytes", "9223372036854771712"))
        .isEqualTo(unlimited)
        .contains("-XX:+UseSerialGC", "-Xmx", "-XX:MaxDirectMemorySize=");
  }
}
