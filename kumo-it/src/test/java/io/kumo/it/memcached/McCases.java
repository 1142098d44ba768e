package io.kumo.it.memcached;

import static io.kumo.it.memcached.Outcome.BAD_REQUEST;
import static io.kumo.it.memcached.Outcome.DONE;
import static io.kumo.it.memcached.Outcome.EXISTS;
import static io.kumo.it.memcached.Outcome.NON_NUMERIC;
import static io.kumo.it.memcached.Outcome.NOT_FOUND;
import static io.kumo.it.memcached.Outcome.NOT_STORED;
import static io.kumo.it.memcached.Outcome.TOO_LARGE;
import static io.kumo.it.memcached.Outcome.UNKNOWN_COMMAND;
import static io.kumo.it.memcached.Verb.ADD;
import static io.kumo.it.memcached.Verb.APPEND;
import static io.kumo.it.memcached.Verb.PREPEND;
import static io.kumo.it.memcached.Verb.REPLACE;
import static io.kumo.it.memcached.Verb.SET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * What commands do, the same in every protocol. Each case is given a key that nobody has used, and
 * may put something behind it to have more.
 */
final class McCases {
  private static final int MIB = 1 << 20;

  /** Does something and asserts what comes of it. */
  @FunctionalInterface
  interface Case {
    void run(McDriver client, String key) throws Exception;
  }

  private final Map<String, Case> cases = new LinkedHashMap<>();

  McCases() {
    cases.put("set and get", McCases::setAndGet);
    cases.put("empty and binary values", McCases::values);
    cases.put("flags of 32 bits", McCases::flags);
    cases.put("the longest key", McCases::longestKey);
    cases.put("a key too long", McCases::keyTooLong);
    cases.put("a value of 1 MiB and one more byte", McCases::largest);
    cases.put("add", McCases::add);
    cases.put("replace", McCases::replace);
    cases.put("append and prepend", McCases::join);
    cases.put("compare and swap", McCases::cas);
    cases.put("every write changes the CAS", McCases::casChanges);
    cases.put("delete", McCases::delete);
    cases.put("delete when unchanged", McCases::deleteIf);
    cases.put("count up and down", McCases::counters);
    cases.put("counters wrap and stop at 0", McCases::counterBounds);
    cases.put("counting what is no number", McCases::nonNumeric);
    cases.put("numbers as strtoull reads them", McCases::looseNumbers);
    cases.put("expiry after 2038", McCases::lateExpiry);
    cases.put("counters made on the way", McCases::createdCounters);
    cases.put("touch", McCases::touch);
    cases.put("get and touch", McCases::getAndTouch);
    cases.put("expiry", McCases::expiry);
    cases.put("expired is absent for every command", McCases::expiredIsAbsent);
    cases.put("many keys at once", McCases::manyKeys);
    cases.put("quiet writes", McCases::quiet);
    cases.put("what is unknown", McCases::unknown);
    cases.put("version", McCases::version);
    cases.put("stats", McCases::stats);
  }

  Map<String, Case> all() {
    return cases;
  }

  private static Hit found(McDriver client, String key) throws IOException {
    return Objects.requireNonNull(client.get(key), key);
  }

  private static Outcome set(McDriver client, String key, String value) throws IOException {
    return client.store(SET, key, value, 0, 0);
  }

  private static void setAndGet(McDriver client, String key) throws IOException {
    assertThat(client.get(key)).isNull();
    assertThat(set(client, key, "one")).isEqualTo(DONE);
    assertThat(found(client, key).value()).isEqualTo("one");
    assertThat(set(client, key, "another")).isEqualTo(DONE);
    assertThat(found(client, key).value()).isEqualTo("another");
  }

  private static void values(McDriver client, String key) throws IOException {
    StringBuilder every = new StringBuilder("\r\nEND\r\n\0");
    for (char c = 0; c < 256; c++) {
      every.append(c);
    }
    for (String value : List.of("", "\r\n", every.toString())) {
      assertThat(set(client, key, value)).isEqualTo(DONE);
      assertThat(found(client, key).value()).isEqualTo(value);
    }
  }

  private static void flags(McDriver client, String key) throws IOException {
    for (long flags : new long[] {0, 1, 65_536, 0xffff_ffffL}) {
      assertThat(client.store(SET, key, "x", flags, 0)).isEqualTo(DONE);
      assertThat(found(client, key).flags()).isEqualTo(flags);
    }
  }

  private static void longestKey(McDriver client, String key) throws IOException {
    String longest = key + "k".repeat(250 - key.length());
    assertThat(set(client, longest, "x")).isEqualTo(DONE);
    assertThat(found(client, longest).value()).isEqualTo("x");
  }

  private static void keyTooLong(McDriver client, String key) throws IOException {
    assertThat(set(client, key + "k".repeat(251 - key.length()), "x")).isEqualTo(BAD_REQUEST);
    if (client.survivesBadRequests()) {
      assertThat(set(client, key, "y")).isEqualTo(DONE);
    }
  }

  private static void largest(McDriver client, String key) throws IOException {
    String value = "0123456789abcdef".repeat(MIB / 16);
    assertThat(set(client, key, value)).isEqualTo(DONE);
    assertThat(found(client, key).value()).isEqualTo(value);
    assertThat(set(client, key, value + "x")).isEqualTo(TOO_LARGE);
    assertThat(client.store(APPEND, key, "x", 0, 0)).isEqualTo(TOO_LARGE);
    assertThat(found(client, key).value()).isEqualTo(value);
  }

  private static void add(McDriver client, String key) throws IOException {
    assertThat(client.store(ADD, key, "one", 5, 0)).isEqualTo(DONE);
    assertThat(client.store(ADD, key, "two", 6, 0)).isEqualTo(NOT_STORED);
    assertThat(found(client, key)).extracting(Hit::value, Hit::flags).containsExactly("one", 5L);
    assertThat(client.delete(key)).isEqualTo(DONE);
    assertThat(client.store(ADD, key, "three", 0, 0)).isEqualTo(DONE);
  }

  private static void replace(McDriver client, String key) throws IOException {
    assertThat(client.store(REPLACE, key, "one", 0, 0)).isEqualTo(NOT_STORED);
    assertThat(client.get(key)).isNull();
    set(client, key, "one");
    assertThat(client.store(REPLACE, key, "two", 9, 0)).isEqualTo(DONE);
    assertThat(found(client, key)).extracting(Hit::value, Hit::flags).containsExactly("two", 9L);
  }

  private static void join(McDriver client, String key) throws IOException {
    assertThat(client.store(APPEND, key, "x", 0, 0)).isEqualTo(NOT_STORED);
    assertThat(client.store(PREPEND, key, "x", 0, 0)).isEqualTo(NOT_STORED);
    client.store(SET, key, "b", 7, 0);
    assertThat(client.store(APPEND, key, "c", 0, 0)).isEqualTo(DONE);
    assertThat(client.store(PREPEND, key, "a", 0, 0)).isEqualTo(DONE);
    assertThat(found(client, key)).extracting(Hit::value, Hit::flags).containsExactly("abc", 7L);
  }

  private static void cas(McDriver client, String key) throws IOException {
    assertThat(client.cas(key, "x", 5)).isEqualTo(NOT_FOUND);
    set(client, key, "one");
    long unique = found(client, key).cas();
    assertThat(client.cas(key, "two", unique)).isEqualTo(DONE);
    assertThat(client.cas(key, "three", unique)).isEqualTo(EXISTS);
    assertThat(found(client, key).value()).isEqualTo("two");
    client.delete(key);
    assertThat(client.cas(key, "four", unique)).isEqualTo(NOT_FOUND);
    assertThat(client.get(key)).isNull();
  }

  private static void casChanges(McDriver client, String key) throws IOException {
    set(client, key, "1");
    long last = found(client, key).cas();
    assertThat(last).isNotZero();
    assertThat(found(client, key).cas()).isEqualTo(last);
    for (int i = 0; i < 4; i++) {
      switch (i) {
        case 0 -> set(client, key, "1");
        case 1 -> client.incr(key, 1);
        case 2 -> client.store(APPEND, key, "0", 0, 0);
        default -> client.store(REPLACE, key, "5", 0, 0);
      }
      long next = found(client, key).cas();
      assertThat(next).as("write %s", i).isNotEqualTo(last);
      last = next;
    }
  }

  private static void delete(McDriver client, String key) throws IOException {
    assertThat(client.delete(key)).isEqualTo(NOT_FOUND);
    set(client, key, "x");
    assertThat(client.delete(key)).isEqualTo(DONE);
    assertThat(client.get(key)).isNull();
    assertThat(client.delete(key)).isEqualTo(NOT_FOUND);
  }

  private static void deleteIf(McDriver client, String key) throws IOException {
    if (client.comparesOnDelete()) {
      set(client, key, "x");
      long unique = found(client, key).cas();
      assertThat(client.deleteIf(key, unique + 1)).isEqualTo(EXISTS);
      assertThat(client.deleteIf(key, unique)).isEqualTo(DONE);
      assertThat(client.deleteIf(key, unique)).isEqualTo(NOT_FOUND);
    }
  }

  private static void counters(McDriver client, String key) throws IOException {
    assertThat(client.incr(key, 1)).isEqualTo(Count.not(NOT_FOUND));
    assertThat(client.decr(key, 1)).isEqualTo(Count.not(NOT_FOUND));
    client.store(SET, key, "10", 3, 0);
    assertThat(client.incr(key, 5)).isEqualTo(Count.of(15));
    assertThat(client.decr(key, 6)).isEqualTo(Count.of(9));
    assertThat(client.incr(key, 0)).isEqualTo(Count.of(9));
    assertThat(found(client, key).flags()).isEqualTo(3);
    assertThat(found(client, key).value().trim()).isEqualTo("9");
  }

  private static void counterBounds(McDriver client, String key) throws IOException {
    set(client, key, "18446744073709551615");
    assertThat(client.incr(key, 2)).isEqualTo(Count.of(1));
    assertThat(client.decr(key, 5)).isEqualTo(Count.of(0));
    assertThat(client.incr(key, -1)).isEqualTo(Count.of(-1));
  }

  private static void nonNumeric(McDriver client, String key) throws IOException {
    for (String value : List.of("x", "", "-1", "18446744073709551616")) {
      set(client, key, value);
      assertThat(client.incr(key, 1)).as(value).isEqualTo(Count.not(NON_NUMERIC));
      assertThat(found(client, key).value()).isEqualTo(value);
    }
  }

  private static void looseNumbers(McDriver client, String key) throws IOException {
    for (String value : List.of(" 41", "\t+41", "0".repeat(30) + "41", "41\r\n", "41 x", "41\0x")) {
      set(client, key, value);
      assertThat(client.incr(key, 1)).as(value).isEqualTo(Count.of(42));
      assertThat(client.decr(key, 2)).as(value).isEqualTo(Count.of(40));
    }
  }

  private static void lateExpiry(McDriver client, String key) throws IOException {
    for (long expiry : new long[] {0x8000_0000L, 0xffff_ffffL}) {
      assertThat(client.store(SET, key, "x", 0, expiry)).isEqualTo(DONE);
      assertThat(found(client, key).value()).isEqualTo("x");
      assertThat(client.touch(key, expiry)).isEqualTo(DONE);
      assertThat(found(client, key).value()).isEqualTo("x");
    }
  }

  private static void createdCounters(McDriver client, String key) throws IOException {
    if (client.createsCounters()) {
      assertThat(client.incr(key, 5, 40, 0)).isEqualTo(Count.of(40));
      assertThat(client.incr(key, 5, 40, 0)).isEqualTo(Count.of(45));
      assertThat(found(client, key).value()).isEqualTo("45");
      assertThat(client.incr(key + "soon", 1, 7, 1)).isEqualTo(Count.of(7));
      await().until(() -> client.get(key + "soon") == null);
    }
  }

  private static void touch(McDriver client, String key) throws IOException {
    assertThat(client.touch(key, 0)).isEqualTo(NOT_FOUND);
    client.store(SET, key, "x", 4, 100);
    assertThat(client.touch(key, 1)).isEqualTo(DONE);
    await().until(() -> client.get(key) == null);
    assertThat(client.touch(key, 100)).isEqualTo(NOT_FOUND);
    client.store(SET, key, "x", 4, 2);
    assertThat(client.touch(key, 0)).isEqualTo(DONE);
    assertThat(found(client, key)).extracting(Hit::value, Hit::flags).containsExactly("x", 4L);
  }

  private static void getAndTouch(McDriver client, String key) throws IOException {
    assertThat(client.getAndTouch(key, 0)).isNull();
    client.store(SET, key, "x", 4, 0);
    assertThat(client.getAndTouch(key, 1))
        .extracting(Hit::value, Hit::flags)
        .containsExactly("x", 4L);
    await().until(() -> client.get(key) == null);
  }

  private static void expiry(McDriver client, String key) throws IOException {
    assertThat(client.store(SET, key, "x", 0, -1 & 0x7fff_ffffL)).isEqualTo(DONE);
    assertThat(found(client, key).value()).isEqualTo("x");
    assertThat(client.store(SET, key, "x", 0, 2_592_001)).isEqualTo(DONE);
    assertThat(client.get(key)).as("an absolute time in 1970").isNull();
    assertThat(client.store(SET, key, "x", 0, 1)).isEqualTo(DONE);
    await().until(() -> client.get(key) == null);
  }

  private static void expiredIsAbsent(McDriver client, String key) throws IOException {
    for (String suffix : List.of("add", "replace", "append", "cas", "delete", "incr")) {
      client.store(SET, key + suffix, "1", 0, 2_592_001);
    }
    assertThat(client.store(REPLACE, key + "replace", "x", 0, 0)).isEqualTo(NOT_STORED);
    assertThat(client.store(APPEND, key + "append", "x", 0, 0)).isEqualTo(NOT_STORED);
    assertThat(client.cas(key + "cas", "x", 1)).isEqualTo(NOT_FOUND);
    assertThat(client.delete(key + "delete")).isEqualTo(NOT_FOUND);
    assertThat(client.incr(key + "incr", 1)).isEqualTo(Count.not(NOT_FOUND));
    assertThat(client.store(ADD, key + "add", "x", 0, 0)).isEqualTo(DONE);
    assertThat(found(client, key + "add").value()).isEqualTo("x");
  }

  private static void manyKeys(McDriver client, String key) throws IOException {
    List<String> keys = IntStream.range(0, 300).mapToObj(i -> key + i).toList();
    for (int i = 0; i < keys.size(); i += 2) {
      set(client, keys.get(i), "value " + i);
    }
    List<Hit> hits = client.getAll(keys);
    for (int i = 0; i < keys.size(); i++) {
      if (i % 2 == 0) {
        assertThat(hits.get(i)).isNotNull().extracting(Hit::value).isEqualTo("value " + i);
      } else {
        assertThat(hits.get(i)).isNull();
      }
    }
  }

  private static void quiet(McDriver client, String key) throws IOException {
    client.storeQuietly(SET, key, "b");
    client.storeQuietly(APPEND, key, "c");
    client.storeQuietly(PREPEND, key, "a");
    assertThat(found(client, key).value()).isEqualTo("abc");
    client.storeQuietly(REPLACE, key, "d");
    assertThat(found(client, key).value()).isEqualTo("d");
    client.deleteQuietly(key);
    client.storeQuietly(ADD, key, "e");
    assertThat(found(client, key).value()).isEqualTo("e");
  }

  private static void unknown(McDriver client, String key) throws IOException {
    if (client.asksAGateway()) {
      assertThat(client.nonsense()).isEqualTo(UNKNOWN_COMMAND);
    }
    assertThat(set(client, key, "alive")).isEqualTo(DONE);
  }

  private static void version(McDriver client, String key) throws IOException {
    if (client.asksAGateway()) {
      assertThat(client.version()).matches("\\d+\\.\\d+\\.\\d+");
    }
  }

  private static void stats(McDriver client, String key) throws IOException {
    if (!client.asksAGateway()) {
      return;
    }
    set(client, key, "x");
    client.get(key);
    assertThat(client.stats(""))
        .containsKeys("pid", "uptime", "time", "version", "curr_items", "cmd_get", "get_hits")
        .containsKeys("curr_connections", "total_connections", "bytes_read", "threads");
    assertThat(client.stats("settings")).containsEntry("item_size_max", "1048576");
    assertThat(client.stats("items")).containsKey("items:1:number");
    assertThat(client.stats("conns").values()).anyMatch(value -> value.startsWith("tcp:"));
    assertThat(client.stats("servers").values())
        .filteredOn("active"::equals)
        .hasSizeGreaterThanOrEqualTo(3);
  }
}
