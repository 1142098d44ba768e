package io.kumo.tools.importing.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A file of Redis commands: a dump as many programs write it, or a rewritten AOF. Strings are taken
 * with their expiry times; what memcached has no type for is refused. A command that changes a
 * value ends the import: its outcome depends on values that are not in the file.
 */
final class RespSource extends FileSource {
  private static final Set<String> UNDERSTOOD =
      Set.of(
          "SET",
          "SETEX",
          "PSETEX",
          "SETNX",
          "GETSET",
          "MSET",
          "EXPIRE",
          "PEXPIRE",
          "EXPIREAT",
          "PEXPIREAT",
          "PERSIST",
          "DEL",
          "UNLINK",
          "SELECT");

  private static final Set<String> IGNORED =
      Set.of(
          "AUTH", "PING", "ECHO", "MULTI", "EXEC", "HELLO", "CLIENT", "COMMAND", "CONFIG", "INFO",
          "QUIT");

  private static final Set<String> CHANGING =
      Set.of(
          "APPEND",
          "BITFIELD",
          "BITOP",
          "COPY",
          "DECR",
          "DECRBY",
          "EVAL",
          "EVALSHA",
          "FLUSHALL",
          "FLUSHDB",
          "GETDEL",
          "GETEX",
          "INCR",
          "INCRBY",
          "INCRBYFLOAT",
          "MOVE",
          "MSETNX",
          "RENAME",
          "RENAMENX",
          "SETBIT",
          "SETRANGE",
          "SWAPDB");

  private static final int MAX_NAME = 32;

  private final RespReader reader;
  private final int wantedDatabase;
  private final long nowSeconds;
  private final PendingKeys pending;
  private int database;
  private boolean begun;

  private RespSource(Path path, RespReader reader, int wantedDatabase, Versions v, long now)
      throws IOException {
    super(path);
    this.reader = reader;
    this.wantedDatabase = wantedDatabase;
    this.nowSeconds = now;
    this.pending = new PendingKeys(v);
  }

  /**
   * @param database the keys of others are refused
   * @param nowSeconds unix seconds, from which relative times count
   */
  static RespSource open(Path path, int database, Versions versions, long nowSeconds)
      throws IOException {
    RespReader reader = new RespReader(Files.newInputStream(path), UNDERSTOOD::contains);
    return new RespSource(path, reader, database, versions, nowSeconds);
  }

  @Override
  public void read(RecordSink sink) throws IOException {
    for (List<byte[]> command = reader.next(); command != null; command = reader.next()) {
      if (!command.isEmpty()) {
        take(RespReader.name(command), command, sink);
      }
    }
    pending.finish(sink);
  }

  private void take(String name, List<byte[]> command, RecordSink sink) throws IOException {
    if (IGNORED.contains(name) || (!begun && name.startsWith("FLUSH"))) {
      return;
    }
    if (CHANGING.contains(name)) {
      throw reader.bad(
          name
              + " changes what is not in the file: this is a log, not a dump; BGREWRITEAOF makes"
              + " one of it");
    }
    if (name.equals("SELECT")) {
      database = (int) number(command, 1);
      return;
    }
    begun = true;
    if (!UNDERSTOOD.contains(name)) {
      sink.refuse("values that are no strings (" + printable(name) + ")");
    } else if (database != wantedDatabase) {
      sink.refuse("keys of another database than " + wantedDatabase + " (--redis-db)");
    } else {
      apply(name, command, sink);
    }
  }

  private static String printable(String name) {
    return name.substring(0, Math.min(name.length(), MAX_NAME)).replaceAll("[^A-Z.]", "?");
  }

  private void apply(String name, List<byte[]> command, RecordSink sink) throws IOException {
    switch (name) {
      case "SET" -> set(command, sink);
      case "SETNX", "GETSET" -> store(argument(command, 1), argument(command, 2), 0, sink);
      case "SETEX" -> storeFor(command, 1000, sink);
      case "PSETEX" -> storeFor(command, 1, sink);
      case "MSET" -> {
        for (int i = 1; i < command.size(); i += 2) {
          store(argument(command, i), argument(command, i + 1), 0, sink);
        }
      }
      case "EXPIRE" -> expire(command, inMillis(number(command, 2), 1000), sink);
      case "PEXPIRE" -> expire(command, inMillis(number(command, 2), 1), sink);
      case "EXPIREAT" -> expire(command, number(command, 2), sink);
      case "PEXPIREAT" -> expire(command, seconds(number(command, 2)), sink);
      case "PERSIST" -> pending.expire(argument(command, 1), 0, sink);
      default -> {
        for (int i = 1; i < command.size(); i++) {
          pending.remove(command.get(i), sink);
        }
      }
    }
  }

  private void set(List<byte[]> command, RecordSink sink) throws IOException {
    byte[] key = argument(command, 1);
    long expiry = 0;
    for (int i = 3; i < command.size(); i++) {
      String option = word(command, i);
      switch (option) {
        case "EX" -> expiry = past(inMillis(number(command, ++i), 1000));
        case "PX" -> expiry = past(inMillis(number(command, ++i), 1));
        case "EXAT" -> expiry = past(number(command, ++i));
        case "PXAT" -> expiry = past(seconds(number(command, ++i)));
        case "KEEPTTL" -> expiry = pending.expiry(key);
        case "NX", "XX", "GET" -> {}
        default -> throw reader.bad("SET has no option " + option);
      }
    }
    store(key, argument(command, 2), expiry, sink);
  }

  private void storeFor(List<byte[]> command, long unitMillis, RecordSink sink) throws IOException {
    long expiry = inMillis(number(command, 2), unitMillis);
    store(argument(command, 1), argument(command, 3), past(expiry), sink);
  }

  private void expire(List<byte[]> command, long expiry, RecordSink sink) throws IOException {
    pending.expire(argument(command, 1), past(expiry), sink);
  }

  private void store(byte[] key, byte[] value, long expiry, RecordSink sink) throws IOException {
    pending.store(key, value, expiry, sink);
  }

  private long inMillis(long count, long unitMillis) {
    return nowSeconds + seconds(count * unitMillis);
  }

  /** Rounded. */
  private static long seconds(long millis) {
    return Math.floorDiv(millis + 500, 1000);
  }

  /** A time that has passed is one, not 0, which would be never; and all fit 32 bits. */
  private static long past(long seconds) {
    return Math.max(1, Math.min(0xFFFF_FFFFL, seconds));
  }

  private byte[] argument(List<byte[]> command, int index) throws IOException {
    if (index >= command.size()) {
      throw reader.bad(RespReader.name(command) + " has too few arguments");
    }
    return command.get(index);
  }

  private String word(List<byte[]> command, int index) throws IOException {
    byte[] bytes = argument(command, index);
    return new String(bytes, StandardCharsets.ISO_8859_1).toUpperCase(Locale.ROOT);
  }

  private long number(List<byte[]> command, int index) throws IOException {
    String word = word(command, index);
    try {
      return Math.max(-(1L << 50), Math.min(1L << 50, Long.parseLong(word)));
    } catch (NumberFormatException e) {
      throw reader.bad(RespReader.name(command) + " needs a number", e);
    }
  }

  @Override
  public long done() {
    return reader.position();
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
