package io.kumo.it.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.it.cost.LocalCluster;
import io.kumo.it.process.TextClient;
import io.kumo.tools.importing.KumoImportMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real memcached and a real Redis hold comes into a cluster. */
class OtherStoresTest {
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

  private ProgramRun load(String... arguments) {
    List<String> all = new ArrayList<>(List.of("-m", cluster.managerAddress().toString()));
    all.addAll(List.of("--state", files.resolve("state").toString()));
    all.addAll(List.of(arguments));
    return ProgramRun.of(new KumoImportMain(), all.toArray(new String[0]));
  }

  @Test
  void memcachedComesWithFlagsAndExpiryTimes() throws IOException {
    try (OtherStore store = OtherStore.memcached();
        TextClient memcached = new TextClient(store.port())) {
      for (int i = 0; i < 1000; i++) {
        assertThat(memcached.set("mc-" + i, "value " + i)).isEqualTo("STORED");
      }
      memcached.line("set mc-flags 4000000000 0 2\r\nab\r\n");
      memcached.line("set mc-ttl 0 1000 2\r\nab\r\n");
      memcached.line("set mc-bytes 0 0 4\r\n\0\r\n!\r\n");
      memcached.line("set mc-%41+b 0 0 1\r\nx\r\n");
      memcached.line("ms " + "bWMga2V5" + " 2 b\r\nsp\r\n");
      client.set("mc-7", "of the cluster");
      String address = "127.0.0.1:" + store.port();
      ProgramRun run = load("--memcached", address);
      assertThat(run.err()).isEmpty();
      assertThat(run.out()).startsWith("loaded         1004\nalready there  0\nkept newer     1\n");
      for (int i = 0; i < 1000; i++) {
        assertThat(client.get("mc-" + i)).isEqualTo(i == 7 ? "of the cluster" : "value " + i);
      }
      assertThat(client.lines("get mc-flags\r\n"))
          .containsExactly("VALUE mc-flags 4000000000 2", "ab");
      assertThat(ttl("mc-ttl")).isBetween(900L, 1001L);
      assertThat(ttl("mc-flags")).isEqualTo(-1);
      assertThat(client.get("mc-%41+b")).isEqualTo("x");
      assertThat(client.line("mg bWMga2V5 b s\r\n")).isEqualTo("HD s2");
      assertThat(load("--memcached", address, "--dry-run").exitCode()).isEqualTo(2);
      ProgramRun dry = ProgramRun.of(new KumoImportMain(), "--dry-run", "--memcached", address);
      assertThat(dry.out()).isEqualTo("to load        1005\nrefused        0\n");
    }
  }

  private static long ttl(String key) throws IOException {
    String answer = client.line("mg " + key + " t\r\n");
    assertThat(answer).startsWith("HD t");
    return Long.parseLong(answer.substring("HD t".length()));
  }

  @Test
  void redisComesFromItsLog() throws IOException {
    try (OtherStore store = OtherStore.redis(files);
        TextClient redis = new TextClient(store.port())) {
      assertThat(redis.line("SET re-plain one\r\n")).isEqualTo("+OK");
      redis.line("SET re-ttl \"two words\" EX 1000\r\n");
      redis.line("SET re-bytes \"\\x00\\r\\n\\xff\"\r\n");
      redis.line("SET re-gone x\r\n");
      redis.line("DEL re-gone\r\n");
      redis.line("INCR re-count\r\n");
      redis.line("INCR re-count\r\n");
      redis.line("RPUSH re-list a b c\r\n");
      redis.line("SELECT 3\r\n");
      redis.line("SET re-other x\r\n");
      assertThat(redis.line("BGREWRITEAOF\r\n")).startsWith("+Background");
      Path log = Awaitility.await().until(this::rewritten, Files::exists);
      ProgramRun run = load("--resp", log.toString());
      assertThat(run.err()).isEmpty();
      assertThat(run.exitCode()).isEqualTo(3);
      assertThat(run.out())
          .startsWith("loaded         4\n")
          .contains("  1 keys of another database than 0 (--redis-db)\n")
          .contains("  1 values that are no strings (RPUSH)\n");
      assertThat(client.get("re-plain")).isEqualTo("one");
      assertThat(client.get("re-ttl")).isEqualTo("two words");
      assertThat(ttl("re-ttl")).isBetween(900L, 1001L);
      assertThat(client.line("mg re-bytes s\r\n")).isEqualTo("HD s4");
      assertThat(client.get("re-count")).isEqualTo("2");
      assertThat(client.get("re-gone")).isNull();
      assertThat(client.get("re-other")).isNull();
      assertThat(load("--resp", log.toString(), "--redis-db", "3").out())
          .startsWith("loaded         1\n");
      assertThat(client.get("re-other")).isEqualTo("x");
    }
  }

  /** Redis 7 keeps the rewritten part as a base file; the first one is empty. */
  private Path rewritten() throws IOException {
    Path logs = files.resolve("appendonlydir");
    if (Files.exists(logs)) {
      try (Stream<Path> all = Files.list(logs)) {
        return all.filter(file -> file.toString().endsWith(".base.aof"))
            .filter(file -> file.toFile().length() > 0)
            .findAny()
            .orElse(files.resolve("not-yet"));
      }
    }
    return files.resolve("not-yet");
  }

  @Test
  void commandsInLinesAndArraysAreTaken() throws IOException {
    Path dump =
        Files.writeString(
            files.resolve("dump.resp"),
            """
            SELECT 0
            # made by hand
            set li-a "x\\x41\\n" ex 500
            SETEX li-b 400 b
            *3\r
            $3\r
            SET\r
            $4\r
            li-c\r
            $2\r
            cc\r
            EXPIRE li-c 300
            PERSIST li-b
            DEL li-a li-never
            MSET li-d 1 li-e 2
            PEXPIREAT li-d 1000
            HSET li-h f v
            """);
    ProgramRun run = load("--resp", dump.toString(), "-o", "json");
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .startsWith(
            "{\"loaded\":6,\"there\":0,\"newer\":0,"
                + "\"refused\":{\"values that are no strings (HSET)\":1},\"records\":7,");
    assertThat(client.get("li-a")).isNull();
    assertThat(ttl("li-b")).isEqualTo(-1);
    assertThat(ttl("li-c")).isBetween(200L, 300L);
    assertThat(client.get("li-d")).isNull();
    assertThat(client.get("li-e")).isEqualTo("2");
  }

  @Test
  void aLogThatIsNoDumpAndOtherFilesAreRefused() throws IOException {
    Path file = files.resolve("file");
    Files.writeString(file, "SET lo-a 1\r\nINCR lo-a\r\n");
    assertThat(load("--resp", file.toString()).err())
        .contains("file: near byte 23: INCR changes what is not in the file");
    Files.deleteIfExists(files.resolve("state"));
    Files.writeString(file, "REDIS0011xyz\n");
    assertThat(load("--resp", file.toString()).err()).contains("this is an RDB file");
    Files.deleteIfExists(files.resolve("state"));
    Files.writeString(file, "*3\r\n$3\r\nSET\r\n$4\r\nlo-b\r\n$9\r\nab");
    assertThat(load("--resp", file.toString()).err()).contains("the file ends within a command");
    Files.deleteIfExists(files.resolve("state"));
    Files.writeString(file, "*3\r\n$3\r\nSET\r\n$4\r\nlo-b\r\n$999999999\r\nab");
    assertThat(load("--resp", file.toString()).err()).contains("a command of more than");
    Files.deleteIfExists(files.resolve("state"));
    assertThat(load("--memcached", "127.0.0.1:1").err())
        .contains("127.0.0.1:1: Connection refused");
  }
}
