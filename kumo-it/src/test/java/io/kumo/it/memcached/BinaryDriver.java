package io.kumo.it.memcached;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The binary protocol. */
final class BinaryDriver implements McDriver {
  private static final int HEADER_BYTES = 24;
  private static final byte[] NOTHING = {};

  /** An increment with this expiry makes no counter. */
  private static final int DO_NOT_CREATE = -1;

  private final Wire wire;

  BinaryDriver(InetSocketAddress address) throws IOException {
    wire = new Wire(address);
  }

  /** As memcached does. */
  @Override
  public boolean survivesBadRequests() {
    return false;
  }

  /** What came back. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Response(
      int opcode, int status, int opaque, long cas, byte[] extras, String key, String value) {}

  private void send(int opcode, int opaque, long cas, byte[] extras, String key, String value)
      throws IOException {
    int body = extras.length + key.length() + value.length();
    wire.send(
        ByteBuffer.allocate(HEADER_BYTES + body)
            .put((byte) 0x80)
            .put((byte) opcode)
            .putShort((short) key.length())
            .put((byte) extras.length)
            .put((byte) 0)
            .putShort((short) 0)
            .putInt(body)
            .putInt(opaque)
            .putLong(cas)
            .put(extras)
            .put(key.getBytes(ISO_8859_1))
            .put(value.getBytes(ISO_8859_1))
            .array());
  }

  private Response receive() throws IOException {
    ByteBuffer header = ByteBuffer.wrap(wire.bytes(HEADER_BYTES));
    if (header.get(0) != (byte) 0x81) {
      throw new IOException("not a response");
    }
    int extras = header.get(4);
    int key = header.getShort(2);
    byte[] first = wire.bytes(extras);
    String name = wire.text(key);
    String value = wire.text(header.getInt(8) - extras - key);
    return new Response(
        header.get(1) & 0xff,
        header.getShort(6),
        header.getInt(12),
        header.getLong(16),
        first,
        name,
        value);
  }

  private Response ask(int opcode, long cas, byte[] extras, String key, String value)
      throws IOException {
    send(opcode, 7, cas, extras, key, value);
    Response response = receive();
    if (response.opcode() != opcode || response.opaque() != 7) {
      throw new IOException("an answer to something else: " + response);
    }
    return response;
  }

  private static Outcome outcome(Response response) throws IOException {
    return switch (response.status()) {
      case 0x00 -> Outcome.DONE;
      case 0x01 -> Outcome.NOT_FOUND;
      case 0x02 -> Outcome.EXISTS;
      case 0x03 -> Outcome.TOO_LARGE;
      case 0x04 -> Outcome.BAD_REQUEST;
      case 0x05 -> Outcome.NOT_STORED;
      case 0x06 -> Outcome.NON_NUMERIC;
      case 0x81 -> Outcome.UNKNOWN_COMMAND;
      default -> throw new IOException("answered " + response);
    };
  }

  private static byte[] store(Verb verb, long flags, long expiry) {
    boolean joins = verb == Verb.APPEND || verb == Verb.PREPEND;
    return joins ? NOTHING : ints((int) flags, (int) expiry);
  }

  private static byte[] ints(int... numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length);
    for (int number : numbers) {
      bytes.putInt(number);
    }
    return bytes.array();
  }

  /** Binary tells why an add or a replace has not stored; the others do not. */
  @Override
  public Outcome store(Verb verb, String key, String value, long flags, long expiry)
      throws IOException {
    Outcome outcome = outcome(ask(verb.opcode, 0, store(verb, flags, expiry), key, value));
    boolean present = verb == Verb.ADD && outcome == Outcome.EXISTS;
    boolean absent = verb == Verb.REPLACE && outcome == Outcome.NOT_FOUND;
    return present || absent ? Outcome.NOT_STORED : outcome;
  }

  @Override
  public Outcome cas(String key, String value, long unique) throws IOException {
    return outcome(ask(Verb.SET.opcode, unique, ints(0, 0), key, value));
  }

  @Override
  public void storeQuietly(Verb verb, String key, String value) throws IOException {
    send(verb.quietOpcode(), 1, 0, store(verb, 0, 0), key, value);
    barrier();
  }

  @Override
  public void deleteQuietly(String key) throws IOException {
    send(0x14, 1, 0, NOTHING, key, "");
    barrier();
  }

  /** Nothing but this may be answered by then. */
  private void barrier() throws IOException {
    ask(0x0a, 0, NOTHING, "", "");
  }

  @Override
  public @Nullable Hit get(String key) throws IOException {
    return hit(ask(0x00, 0, NOTHING, key, ""));
  }

  private static @Nullable Hit hit(Response response) throws IOException {
    if (response.status() == 0x01) {
      return null;
    }
    if (response.status() != 0) {
      throw new IOException("answered " + response);
    }
    long flags = Integer.toUnsignedLong(ByteBuffer.wrap(response.extras()).getInt());
    return new Hit(response.value(), flags, response.cas());
  }

  @Override
  public List<@Nullable Hit> getAll(List<String> keys) throws IOException {
    for (int i = 0; i < keys.size(); i++) {
      send(0x0d, i, 0, NOTHING, keys.get(i), "");
    }
    send(0x0a, -1, 0, NOTHING, "", "");
    Map<Integer, Hit> found = new HashMap<>();
    for (Response response = receive(); response.opcode() != 0x0a; response = receive()) {
      Hit hit = hit(response);
      if (hit == null || !response.key().equals(keys.get(response.opaque()))) {
        throw new IOException("answered " + response);
      }
      found.put(response.opaque(), hit);
    }
    List<@Nullable Hit> hits = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      hits.add(found.get(i));
    }
    return hits;
  }

  @Override
  public Outcome delete(String key) throws IOException {
    return outcome(ask(0x04, 0, NOTHING, key, ""));
  }

  @Override
  public Outcome deleteIf(String key, long unique) throws IOException {
    return outcome(ask(0x04, unique, NOTHING, key, ""));
  }

  @Override
  public Count incr(String key, long delta) throws IOException {
    return count(0x05, key, delta, 0, DO_NOT_CREATE);
  }

  @Override
  public Count decr(String key, long delta) throws IOException {
    return count(0x06, key, delta, 0, DO_NOT_CREATE);
  }

  @Override
  public Count incr(String key, long delta, long initial, long expiry) throws IOException {
    return count(0x05, key, delta, initial, (int) expiry);
  }

  private Count count(int opcode, String key, long delta, long initial, int expiry)
      throws IOException {
    byte[] extras = ByteBuffer.allocate(20).putLong(delta).putLong(initial).putInt(expiry).array();
    Response response = ask(opcode, 0, extras, key, "");
    if (response.status() != 0) {
      return Count.not(outcome(response));
    }
    return Count.of(ByteBuffer.wrap(response.value().getBytes(ISO_8859_1)).getLong());
  }

  @Override
  public Outcome touch(String key, long expiry) throws IOException {
    return outcome(ask(0x1c, 0, ints((int) expiry), key, ""));
  }

  @Override
  public @Nullable Hit getAndTouch(String key, long expiry) throws IOException {
    return hit(ask(0x1d, 0, ints((int) expiry), key, ""));
  }

  @Override
  public Outcome flush(long delaySeconds) throws IOException {
    byte[] extras = delaySeconds == 0 ? NOTHING : ints((int) delaySeconds);
    return outcome(ask(0x08, 0, extras, "", ""));
  }

  @Override
  public String version() throws IOException {
    return ask(0x0b, 0, NOTHING, "", "").value();
  }

  @Override
  public Map<String, String> stats(String argument) throws IOException {
    send(0x10, 0, 0, NOTHING, argument, "");
    Map<String, String> stats = new LinkedHashMap<>();
    for (Response line = receive(); !line.key().isEmpty(); line = receive()) {
      stats.put(line.key(), line.value());
    }
    return stats;
  }

  @Override
  public Outcome nonsense() throws IOException {
    return outcome(ask(0x5c, 0, NOTHING, "key", "body"));
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }
}
