package io.kumo.it.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.tokyo.Tch;
import io.kumo.core.tokyo.TchWriter;
import io.kumo.it.process.ClusterProcesses;
import io.kumo.it.process.TextClient;
import io.kumo.server.merge.KumomergedbMain;
import io.kumo.server.store.Cursor;
import io.kumo.server.store.ScanLimits;
import io.kumo.server.store.StoreOptions;
import io.kumo.server.store.engine.MapDbStore;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kumomergedb with stores and backups of ours, as sources and as the destination. */
class MergedStoresTest {
  private static final String NODE = "127.0.0.1:19800";

  @TempDir Path folder;

  private ProgramRun merge(String... names) {
    return ProgramRun.of(
        new KumomergedbMain(),
        List.of(names).stream()
            .map(name -> name.startsWith("-") ? name : folder.resolve(name).toString())
            .toArray(String[]::new));
  }

  private MapDbStore open(String name) {
    return MapDbStore.open(folder.resolve(name), NODE, StoreOptions.small());
  }

  private static void put(MapDbStore store, String key, byte[] value) {
    store.update(Unpooled.wrappedBuffer(Tch.key(key)), Unpooled.wrappedBuffer(value));
  }

  private static String line(String key, byte[] value) {
    return Tch.line(Tch.key(key), value);
  }

  private NavigableSet<String> records(String name) {
    TreeSet<String> all = new TreeSet<>();
    try (MapDbStore store = open(name)) {
      store.scan(
          Cursor.all(),
          ScanLimits.records(1_000_000, 1 << 30),
          (key, value, length) ->
              all.add(Tch.line(ByteBufUtil.getBytes(key), ByteBufUtil.getBytes(value))));
    }
    return all;
  }

  /** Of each file, without the lock. */
  private Map<String, Integer> contents(String name) throws IOException {
    Map<String, Integer> contents = new HashMap<>();
    try (Stream<Path> files = Files.list(folder.resolve(name))) {
      for (Path file : files.filter(f -> !f.endsWith("lock")).toList()) {
        contents.put(file.getFileName().toString(), Arrays.hashCode(Files.readAllBytes(file)));
      }
    }
    return contents;
  }

  /** One that was closed, and a backup whose redo log is still to be repeated. */
  private void makeSources() {
    try (MapDbStore store = open("one")) {
      for (int i = 0; i < 2000; i++) {
        put(store, "k" + i, Tch.value(10 + i % 3, "one " + i));
      }
      put(store, "gone", Tch.tombstone(50));
    }
    try (MapDbStore store = open("two")) {
      for (int i = 1000; i < 3000; i++) {
        put(store, "k" + i, Tch.value(11, "two " + i));
      }
      put(store, "gone", Tch.value(49, "was there"));
      store.backup(folder.resolve("two-backup"));
    }
  }

  private static NavigableSet<String> expected(boolean tombstones) {
    TreeSet<String> all = new TreeSet<>();
    for (int i = 0; i < 3000; i++) {
      boolean fromTwo = i >= 2000 || (i >= 1000 && (i % 3 == 0 || i % 3 == 1));
      int clock = fromTwo ? 11 : 10 + i % 3;
      all.add(line("k" + i, Tch.value(clock, (fromTwo ? "two " : "one ") + i)));
    }
    all.add(
        tombstones ? line("gone", Tch.tombstone(50)) : line("gone", Tch.value(49, "was there")));
    return all;
  }

  @Test
  void storesAndBackupsBecomeOneAndStayAsTheyAre() throws IOException {
    makeSources();
    Map<String, Integer> one = contents("one");
    Map<String, Integer> two = contents("two-backup");
    ProgramRun run = merge("merged", "one", "two-backup");
    assertThat(run.err()).isEmpty();
    assertThat(run.out().replace(folder + "/", ""))
        .startsWith("merging one...  merged 2001 records of 2001 records\nmerging two-backup...  ")
        .endsWith(" records of 4002 records\nclosing merged...\ndone.\n");
    assertThat(contents("one")).isEqualTo(one);
    assertThat(contents("two-backup")).isEqualTo(two);
    assertThat(records("merged")).isEqualTo(expected(true));
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("one", "two", "two-backup", "merged");
    }
  }

  /** As the original, tombstones do not count there. */
  @Test
  void storesBecomeATokyoCabinetFile() throws IOException {
    makeSources();
    assertThat(merge("merged.tch", "one", "two-backup").exitCode()).isZero();
    List<String> found = Tch.dump(folder.resolve("merged.tch"));
    // At equal ClockTimes the first that came stays.
    assertThat(found).hasSize(3001).contains(line("gone", Tch.value(49, "was there")));
    assertThat(found).contains(line("k1", Tch.value(11, "one 1")));
    assertThat(found).contains(line("k2500", Tch.value(11, "two 2500")));
  }

  @Test
  void aStoreThatIsThereIsAddedTo() throws IOException {
    makeSources();
    try (TchWriter writer = TchWriter.create(folder.resolve("a.tch"), 1, 1)) {
      writer.put(Tch.key("k0"), Tch.value(99, "newest"));
      writer.put(Tch.key("k1"), Tch.value(1, "oldest"));
      writer.finish();
    }
    assertThat(merge("one", "a.tch", "two-backup").exitCode()).isZero();
    assertThat(records("one"))
        .hasSize(3001)
        .contains(line("k0", Tch.value(99, "newest")))
        .doesNotContain(line("k1", Tch.value(1, "oldest")));
  }

  @Test
  void whatIsInUseOrForeignIsRefused() throws IOException {
    makeSources();
    try (MapDbStore used = open("one")) {
      assertThat(used.liveCount()).isPositive();
      assertThat(merge("merged", "one", "two-backup").err()).contains("is in use");
      assertThat(merge("one", "two", "two-backup").err()).contains("is in use");
    }
    Files.writeString(folder.resolve("file"), "text");
    assertThat(merge("file", "two", "two-backup").err()).contains("a regular file");
    Files.createDirectory(folder.resolve("empty"));
    assertThat(merge("merged", "empty", "two").err()).contains("empty: it is a folder");
    assertThat(folder.resolve("merged")).doesNotExist();
    assertThat(folder.resolve("merged.tmp")).doesNotExist();
  }

  /** A server opens it, and a gateway finds what is in it. */
  @Test
  void aServerServesIt() throws Exception {
    Path file = folder.resolve("small.tch");
    Files.write(file, Tch.resource("small.tch"));
    Path nodes = Files.createDirectory(folder.resolve("nodes"));
    try (ClusterProcesses cluster = new ClusterProcesses(nodes, 1)) {
      List<String> arguments = new ArrayList<>(List.of("-l", cluster.server(0)));
      arguments.addAll(List.of(nodes.resolve("store-0").toString(), file.toString()));
      arguments.add(file.toString());
      ProgramRun run = ProgramRun.of(new KumomergedbMain(), arguments.toArray(new String[0]));
      assertThat(run.err()).isEmpty();
      cluster.startAll();
      try (TextClient client = new TextClient(cluster.gatewayPort())) {
        assertThat(client.get("a")).isEqualTo("1");
        assertThat(client.get("gone")).isNull();
        assertThat(client.set("a", "2")).isEqualTo("STORED");
        assertThat(client.get("a")).isEqualTo("2");
      }
    }
  }
}
