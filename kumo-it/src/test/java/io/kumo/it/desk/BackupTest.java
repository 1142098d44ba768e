package io.kumo.it.desk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kumo.core.item.Item;
import io.kumo.core.item.ItemLayout;
import io.kumo.core.item.RawKey;
import io.kumo.it.process.KumoProcess;
import io.kumo.it.process.TextClient;
import io.kumo.tools.image.ImageFile;
import io.kumo.tools.image.ImageReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images of a cluster that serves, and what comes back of them. */
class BackupTest {
  private static final int KEYS = 800;
  private static final int WRITERS = 4;
  private static final int LINKS = 8;

  @TempDir Path directory;

  private DeskCluster cluster;
  private Path images;

  @BeforeEach
  void up() throws IOException {
    cluster = DeskCluster.up(directory.resolve("cluster"), 1, 4, 3);
    images = directory.resolve("images");
    try (TextClient client = cluster.client()) {
      for (int i = 0; i < KEYS; i++) {
        client.set("key" + i, "value" + i + "x".repeat(i % 500));
      }
    }
  }

  @AfterEach
  void down() throws IOException {
    cluster.close();
  }

  private JsonNode backup(String... more) throws IOException {
    List<String> words = new ArrayList<>(List.of("-o", "json", "backup", "--to"));
    words.add(images.toString());
    words.addAll(List.of(more));
    return new ObjectMapper().readTree(done(words.toArray(new String[0])));
  }

  private String done(String... words) {
    KumoProcess.Result result = cluster.kumoctl(words);
    assertThat(result.exitCode()).as(result.errors() + result.output()).isZero();
    return result.output();
  }

  /** Each key is there once. */
  private static Map<String, String> read(Path image) throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (InputStream in = ImageFile.open(image).stream();
        ImageReader reader = new ImageReader(in, "it")) {
      assertThat(reader.next()).isNotNull();
      reader.read(
          (rawKey, rawValue) -> {
            String key = RawKey.userKey(rawKey).toString(UTF_8);
            String value =
                Item.isTombstone(rawValue)
                    ? "deleted"
                    : Item.data(rawValue, ItemLayout.KUMO).toString(UTF_8);
            assertThat(found.put(key, value)).as("twice: " + key).isNull();
          });
    }
    return found;
  }

  /** Each writes a round of keys one after the other, each when the one before is stored. */
  private int writeChain(int writer, AtomicBoolean stop) throws IOException {
    try (TextClient client = cluster.client()) {
      int round = 0;
      while (!stop.get()) {
        round++;
        for (int link = 0; link < LINKS; link++) {
          String key = "chain-%d-%d".formatted(writer, link);
          assertThat(client.set(key, String.valueOf(round))).isEqualTo("STORED");
          client.set("key" + (round * LINKS + link) % KEYS, "round" + round);
        }
      }
      return round;
    }
  }

  @Test
  void noWriteIsInAnImageWithoutThoseThatItWasMadeAfter() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    try {
      List<Future<Integer>> rounds = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        int number = writer;
        Callable<Integer> chain = () -> writeChain(number, stop);
        rounds.add(threads.submit(chain));
      }
      for (int i = 0; i < 5; i++) {
        JsonNode result = backup("--rate", "1m");
        Map<String, String> found = read(Path.of(result.path("image").asText()));
        long keys = found.keySet().stream().filter(key -> key.startsWith("key")).count();
        assertThat(keys).isEqualTo(KEYS);
        assertThat(found.size()).isEqualTo(result.path("records").asInt());
        for (int writer = 0; writer < WRITERS; writer++) {
          assertChain(found, writer);
        }
      }
      stop.set(true);
      for (Future<Integer> writer : rounds) {
        assertThat(writer.get()).isGreaterThan(1);
      }
    } finally {
      stop.set(true);
      threads.shutdown();
    }
  }

  /** What was written first is of the same round as what follows, or of the next one. */
  private static void assertChain(Map<String, String> found, int writer) {
    int first = round(found, writer, 0);
    int before = first;
    for (int link = 1; link < LINKS; link++) {
      int round = round(found, writer, link);
      assertThat(round).as("link " + link).isBetween(first - 1, before);
      before = round;
    }
  }

  private static int round(Map<String, String> found, int writer, int link) {
    return Integer.parseInt(found.getOrDefault("chain-%d-%d".formatted(writer, link), "0"));
  }

  @Test
  void thePagesShowWhatItPrints() throws Exception {
    String target = images.toString();
    Documented.check(
        "kumoctl.md",
        "kumoctl MANAGER backup --to DIR",
        done("backup", "--to", target).replace(target, "DIR"));
    Documented.check(
        "kumoctl.md",
        "kumoctl MANAGER restore --from DIR",
        done("restore", "--from", target).replace(target, "DIR"));
  }

  @Test
  void imagesAfterOneAnotherComeBackAfterEverythingIsFlushed() throws Exception {
    JsonNode full = backup();
    assertThat(full.path("records").asInt()).isEqualTo(KEYS + 1);
    assertThat(full.path("damaged").asInt()).isZero();
    try (TextClient client = cluster.client()) {
      client.delete("key1");
      client.set("key2", "changed");
      client.set("new", "new");
    }
    backup("--since", full.path("image").asText());
    try (TextClient client = cluster.client()) {
      client.set("key2", "changed again");
      client.set("key3", "lost");
    }
    JsonNode last = backup("--since", images.toString());
    assertThat(read(Path.of(last.path("image").asText()))).containsEntry("key2", "changed again");
    assertThat(done("restore", "--from", images.toString(), "--dry-run").lines())
        .hasSize(3)
        .allMatch(line -> line.contains("sound"));
    try (TextClient client = cluster.client()) {
      assertThat(client.line("flush_all\r\n")).isEqualTo("OK");
      assertThat(client.get("key5")).isNull();
    }
    String restored = done("restore", "--from", images.toString());
    assertThat(restored).contains("refused        0", "images         3");
    try (TextClient client = cluster.client()) {
      assertThat(client.get("key1")).isNull();
      assertThat(client.get("key2")).isEqualTo("changed again");
      assertThat(client.get("key3")).isEqualTo("lost");
      assertThat(client.get("new")).isEqualTo("new");
      for (int i = 4; i < KEYS; i++) {
        assertThat(client.get("key" + i)).isEqualTo("value" + i + "x".repeat(i % 500));
      }
      client.set("key9", "later");
    }
    Files.delete(Path.of(last.path("image").asText()));
    done("restore", "--from", images.toString(), "--keep-newer");
    try (TextClient client = cluster.client()) {
      assertThat(client.get("key9")).isEqualTo("later");
      assertThat(client.get("key2")).isEqualTo("changed again");
    }
  }

  /** Both ends are processes of their own, and neither has a file. */
  @Test
  void anImageGoesThroughAPipeIntoAnotherCluster() throws Exception {
    Path errors = directory.resolve("errors");
    try (DeskCluster other = DeskCluster.up(directory.resolve("other"), 1, 1)) {
      assertThat(
              KumoProcess.pipe(
                  errors,
                  "io.kumo.tools.ctl.KumoctlMain",
                  List.of(
                      List.of(cluster.manager(0), "backup", "--to", "-"),
                      List.of(other.manager(0), "restore", "--from", "-"))))
          .as(Files.readString(errors))
          .containsExactly(0, 0);
      try (TextClient client = other.client()) {
        for (int i = 0; i < KEYS; i++) {
          assertThat(client.get("key" + i)).isEqualTo("value" + i + "x".repeat(i % 500));
        }
      }
    }
  }

  @Test
  void aDamagedImageIsNamedAndChangesNothing() throws Exception {
    Path image = Path.of(backup().path("image").asText());
    byte[] bytes = Files.readAllBytes(image);
    try (TextClient client = cluster.client()) {
      client.delete("key1");
    }
    for (int at : new int[] {20, 100, bytes.length / 2, bytes.length - 3}) {
      byte[] flipped = bytes.clone();
      flipped[at] ^= 4;
      Files.write(image, flipped);
      assertRefused(image, "damaged");
    }
    Files.write(image, Arrays.copyOf(bytes, bytes.length - 70));
    assertRefused(image, "the image ends in the middle");
    Files.write(image, "something else".getBytes(UTF_8));
    assertRefused(image, "is not an image of a cluster");
    try (TextClient client = cluster.client()) {
      assertThat(client.get("key1")).isNull();
    }
  }

  private void assertRefused(Path image, String why) {
    KumoProcess.Result result = cluster.kumoctl("restore", "--from", images.toString());
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.errors()).contains(image.getFileName().toString(), why);
    assertThat(result.errors().lines()).hasSize(1);
  }
}
