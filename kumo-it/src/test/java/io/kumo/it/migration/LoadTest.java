package io.kumo.it.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kumo.core.clock.ClockTime;
import io.kumo.core.tokyo.Tch;
import io.kumo.core.tokyo.TchWriter;
import io.kumo.it.cost.LocalCluster;
import io.kumo.it.process.KumoProcess;
import io.kumo.it.process.TextClient;
import io.kumo.tools.importing.KumoImportMain;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** kumo-import loads into a cluster that runs: real sockets, real files. */
class LoadTest {
  /** Long before any clock of today. */
  private static final long OLD = ClockTime.of(1_300_000_000, 7);

  private static final int MANY = Integer.getInteger("kumo.import.records", 20_000);

  private static final Logger LOG = LoggerFactory.getLogger(LoadTest.class);

  @TempDir static Path folder;

  private static LocalCluster cluster;
  private static TextClient client;

  @TempDir Path files;

  @BeforeAll
  static void start() throws IOException {
    cluster = new LocalCluster(folder);
    client = new TextClient(cluster.clientAddress().getPort());
  }

  @AfterAll
  static void stop() throws IOException {
    client.close();
    cluster.close();
  }

  private Path write(String name, Object... keysAndValues) throws IOException {
    Path file = files.resolve(name);
    try (TchWriter writer = TchWriter.create(file, 1, 1)) {
      for (int i = 0; i < keysAndValues.length; i += 2) {
        writer.put(Tch.key((String) keysAndValues[i]), (byte[]) keysAndValues[i + 1]);
      }
      writer.finish();
    }
    return file;
  }

  private static ProgramRun load(Object... arguments) {
    List<String> all = new ArrayList<>(List.of("-m", cluster.managerAddress().toString()));
    for (Object argument : arguments) {
      all.add(argument.toString());
    }
    return ProgramRun.of(new KumoImportMain(), all.toArray(new String[0]));
  }

  private static JsonNode counts(Object... arguments) throws IOException {
    List<Object> all = new ArrayList<>(List.of("-o", "json"));
    all.addAll(List.of(arguments));
    ProgramRun run = load(all.toArray());
    assertThat(run.err()).isEmpty();
    return new ObjectMapper().readTree(run.out());
  }

  @Test
  void loadsRecordsWithTheirClockTimes() throws IOException {
    Path file = write("a.tch", "plain", Tch.value(OLD, "one"), "empty", Tch.value(OLD + 1, ""));
    ProgramRun run = load(file);
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .startsWith(
            """
            loaded         2
            already there  0
            kept newer     0
            refused        0
            records        2 in \
            """);
    assertThat(run.exitCode()).isZero();
    assertThat(client.get("plain")).isEqualTo("one");
    assertThat(client.get("empty")).isEmpty();
    assertThat(client.casUnique("plain")).isEqualTo(Long.toUnsignedString(OLD));
    assertThat(files.resolve("a.tch.import")).doesNotExist();
    assertThat(load(file).out()).startsWith("loaded         0\nalready there  2\n");
  }

  @Test
  void whatClientsWroteStays() throws IOException {
    client.set("n-set", "new");
    client.set("n-deleted", "new");
    client.delete("n-deleted");
    client.line("set n-expired 0 -1 1\r\nx\r\n");
    Path file =
        write(
            "n.tch",
            "n-set",
            Tch.value(OLD, "old"),
            "n-deleted",
            Tch.value(OLD, "old"),
            "n-expired",
            Tch.value(OLD, "old"),
            "n-absent",
            Tch.value(OLD, "old"));
    JsonNode counts = counts(file);
    assertThat(counts.get("loaded").asInt()).isEqualTo(1);
    assertThat(counts.get("newer").asInt()).isEqualTo(3);
    assertThat(client.get("n-set")).isEqualTo("new");
    assertThat(client.get("n-deleted")).isNull();
    assertThat(client.get("n-expired")).isNull();
    assertThat(client.get("n-absent")).isEqualTo("old");
  }

  @Test
  void theNewestOfManyFilesCountsWhateverTheirOrder() throws IOException {
    Path one =
        write(
            "one.tch",
            "m-1",
            Tch.value(OLD + 1, "first"),
            "m-2",
            Tch.value(OLD + 5, "last"),
            "m-3",
            Tch.tombstone(OLD + 5),
            "m-4",
            Tch.tombstone(OLD));
    Path two =
        write(
            "two.tch",
            "m-1",
            Tch.value(OLD + 2, "last"),
            "m-2",
            Tch.value(OLD, "first"),
            "m-3",
            Tch.value(OLD, "gone"),
            "m-4",
            Tch.value(OLD + 1, "back"));
    assertThat(load(one, two).exitCode()).isZero();
    assertThat(load(two).exitCode()).isZero();
    assertThat(client.get("m-1")).isEqualTo("last");
    assertThat(client.get("m-2")).isEqualTo("last");
    assertThat(client.get("m-3")).isNull();
    assertThat(client.get("m-4")).isEqualTo("back");
    client.set("m-1", "of a client");
    assertThat(load(two, one).exitCode()).isZero();
    assertThat(client.get("m-1")).isEqualTo("of a client");
  }

  @Test
  void flagsAndExpiryComeAlong() throws IOException {
    Path file = files.resolve("small.tch");
    Files.write(file, Tch.resource("small.tch"));
    assertThat(load("-F", "-E", file).exitCode()).isZero();
    assertThat(client.lines("get flagged\r\n")).containsExactly("VALUE flagged 42 3", "abc");
    assertThat(client.get("gone")).isNull();
  }

  @Test
  void tellsWhatItRefuses() throws IOException {
    Path file =
        write(
            "bad.tch",
            "k".repeat(251),
            Tch.value(OLD, "v"),
            "ahead",
            Tch.value(ClockTime.of(4_000_000_000L, 1), "v"),
            "short",
            new byte[] {1, 2},
            "good",
            Tch.value(OLD, "v"));
    ProgramRun run = load(file);
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.out())
        .contains("loaded         1\n")
        .contains("refused        3\n")
        .contains("  1 ahead of the cluster's clock\n")
        .contains("  1 keys that are empty or longer than 250 bytes\n")
        .contains("  1 values too short to be any\n");
    assertThat(client.get("ahead")).isNull();
  }

  @Test
  void aDamagedFileLoadsNothing() throws IOException {
    Path file = write("cut.tch", "c-1", Tch.value(OLD, "v"), "c-2", Tch.value(OLD, "v"));
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
    ProgramRun run = load(file);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("cut.tch: it is cut short");
    assertThat(client.get("c-1")).isNull();
  }

  @Test
  void jsonComesBack() throws IOException {
    Path file = files.resolve("small.tch");
    Files.write(file, Tch.resource("small.tch"));
    String json =
        ProgramRun.of(new KumoImportMain(), "--to-ndjson", "-F", "-E", file.toString()).out();
    String renamed = json.replace("\"key\":\"", "\"key\":\"j-");
    Path lines = Files.writeString(files.resolve("j.ndjson"), renamed);
    JsonNode counts = counts("--ndjson", lines);
    assertThat(counts.get("records").asInt()).isEqualTo(10);
    assertThat(client.lines("get j-flagged\r\n")).containsExactly("VALUE j-flagged 42 3", "abc");
    assertThat(client.get("j-gone")).isNull();
    assertThat(counts("--ndjson", lines).get("loaded").asInt()).isZero();
  }

  @Test
  void jsonWithoutClockTimesReplacesOnlyWhenToldTo() throws IOException {
    client.set("u-there", "cluster");
    Path lines =
        Files.writeString(
            files.resolve("u.ndjson"),
            """
            {"key":"u-there","value":"file"}
            {"key":"u-new","value64":"AAEC","flags":4294967295}
            """);
    assertThat(counts("--ndjson", lines).get("newer").asInt()).isEqualTo(1);
    assertThat(client.get("u-there")).isEqualTo("cluster");
    assertThat(client.lines("get u-new\r\n").get(0)).isEqualTo("VALUE u-new 4294967295 3");
    // What was written in the last two seconds stays: clocks are compared by whole seconds.
    client.set("u-recent", "cluster");
    Files.writeString(lines, "{\"key\":\"u-recent\",\"value\":\"file\"}\n");
    assertThat(counts("--ndjson", lines, "--overwrite").get("newer").asInt()).isEqualTo(1);
    Files.writeString(lines, "{\"key\":\"u-new\",\"value\":\"file\"}\n");
    assertThat(counts("--ndjson", lines, "--overwrite").get("loaded").asInt()).isEqualTo(1);
    assertThat(client.get("u-new")).isEqualTo("file");
  }

  @Test
  void namesThePlaceOfABadLine() throws IOException {
    Path lines =
        Files.writeString(
            files.resolve("bad.ndjson"), "{\"key\":\"b-1\",\"value\":\"v\"}\n{\"key\":1}\n");
    ProgramRun run = load("--ndjson", lines);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("bad.ndjson: line 2: a text is expected");
  }

  /** Keys that clients write while they are loaded end with what the clients wrote last. */
  @Test
  void isSafeWhileClientsWrite() throws Exception {
    int keys = 3000;
    Path file = files.resolve("busy.tch");
    try (TchWriter writer = TchWriter.create(file, keys, 1)) {
      for (int i = 0; i < keys; i++) {
        writer.put(Tch.key("w-" + i), Tch.value(OLD, "old"));
      }
      writer.finish();
    }
    Map<String, String> written = new ConcurrentHashMap<>();
    Thread writer = new Thread(() -> writeSome(keys, written), "client");
    writer.start();
    assertThat(load(file, "--in-flight", 64).exitCode()).isZero();
    writer.join();
    assertThat(written).hasSizeGreaterThan(100);
    for (int i = 0; i < keys; i++) {
      String key = "w-" + i;
      assertThat(client.get(key)).as(key).isEqualTo(written.getOrDefault(key, "old"));
    }
  }

  private static void writeSome(int keys, Map<String, String> written) {
    try (TextClient other = new TextClient(cluster.clientAddress().getPort())) {
      for (int i = 0; i < keys; i += 2) {
        if (other.set("w-" + i, "new-" + i).equals("STORED")) {
          written.put("w-" + i, "new-" + i);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Of 100 bytes; {@code -Dkumo.import.records=1000000} has it kill an import of a million. */
  @Test
  void killedAndResumedGivesTheSame() throws Exception {
    Path file = files.resolve("big.tch");
    try (TchWriter writer = TchWriter.create(file, MANY, 1)) {
      for (int i = 0; i < MANY; i++) {
        writer.put(Tch.key("r-" + i), Tch.value(OLD + i, hundredBytes(i)));
      }
      writer.finish();
    }
    Path state = files.resolve("state");
    killHalfway(file, state);
    ProgramRun other = load("--state", state, file.resolveSibling("big.tch"), "-F");
    assertThat(other.err()).contains("is the state of another import");
    ProgramRun resumed = load("--state", state, file, "-o", "json");
    assertThat(resumed.err()).startsWith("kumo-import: goes on from " + state + "\n");
    JsonNode counts = new ObjectMapper().readTree(resumed.out());
    LOG.info("killed, then {}", counts);
    assertThat(counts.get("records").asInt()).isEqualTo(MANY);
    assertThat(counts.get("loaded").asInt() + counts.get("there").asInt()).isEqualTo(MANY);
    assertThat(state).doesNotExist();
    assertThatAllAreThere();
  }

  /**
   * Kills an import when it has kept for the first time how far it is, which it does each second.
   */
  private void killHalfway(Path file, Path state) throws Exception {
    Path log = files.resolve("import.log");
    String manager = cluster.managerAddress().toString();
    List<String> arguments =
        List.of("-m", manager, "--state", state.toString(), "--in-flight", "1", file.toString());
    try (KumoProcess process = KumoProcess.start(log, KumoImportMain.class.getName(), arguments)) {
      await()
          .atMost(Duration.ofMinutes(1))
          .pollInterval(Duration.ofMillis(5))
          .until(() -> !process.isAlive() || position(state) > 0);
      process.kill();
    }
    assertThat(position(state)).as(Files.readString(log)).isBetween(1L, MANY - 1L);
  }

  private static long position(Path state) throws IOException {
    return Files.exists(state)
        ? new ObjectMapper().readTree(state.toFile()).path("records").asLong()
        : 0;
  }

  private static String hundredBytes(int number) {
    return (number + " ").repeat(50).substring(0, 100);
  }

  /** With their CAS. */
  private static void assertThatAllAreThere() throws IOException {
    for (int from = 0; from < MANY; from += 100) {
      StringBuilder request = new StringBuilder("gets");
      Map<String, String> expected = new TreeMap<>();
      for (int i = from; i < Math.min(MANY, from + 100); i++) {
        request.append(" r-").append(i);
        expected.put("r-" + i, hundredBytes(i) + " " + Long.toUnsignedString(OLD + i));
      }
      Map<String, String> found = new TreeMap<>();
      List<String> lines = client.lines(request + "\r\n");
      for (int i = 0; i < lines.size(); i += 2) {
        String[] words = lines.get(i).split(" ", -1);
        found.put(words[1], lines.get(i + 1) + " " + words[4]);
      }
      assertThat(found).isEqualTo(expected);
    }
  }

  @Test
  void refusesWhatMakesNoSense() throws IOException {
    assertThat(load().exitCode()).isEqualTo(2);
    assertThat(load("--dry-run", "x.tch").exitCode()).isEqualTo(2);
    assertThat(load("--resp", "x", "--ndjson", "y").exitCode()).isEqualTo(2);
    assertThat(load("--in-flight", "0", "x.tch").err()).contains("--in-flight must be from 1");
    assertThat(load(files.resolve("none.tch")).err()).contains("none.tch: no such file");
    Path file = write("ok.tch", "k", Tch.value(OLD, "v"));
    ProgramRun nobody =
        ProgramRun.of(
            new KumoImportMain(), "-m", "127.0.0.1:1", "--timeout", "300ms", file.toString());
    assertThat(nobody.exitCode()).isEqualTo(1);
    assertThat(nobody.err()).contains("127.0.0.1:1: no server to load into");
    assertThat(nobody.err().getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(300);
  }
}
