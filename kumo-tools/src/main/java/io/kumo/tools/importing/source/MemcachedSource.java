package io.kumo.tools.importing.source;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.protocol.Limits;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A running memcached of 1.6 or newer: the keys from its crawler, then the items, a hundred at a
 * time. The keys lie in a temporary file meanwhile, since a crawler that has to wait for its reader
 * gives up. Items that are stored after their part was crawled are not seen.
 */
final class MemcachedSource implements RecordSource {
  private static final int KEYS_AT_ONCE = 100;
  private static final String KEY = "key=";

  private final String name;
  private final InetSocketAddress address;
  private final Duration timeout;
  private final Versions versions;
  private final TimeSource time = TimeSource.system();
  private final Path keys;
  private long total;
  private long done;

  /**
   * @param timeout for connecting and for each answer
   */
  MemcachedSource(String name, InetSocketAddress address, Duration timeout, Versions versions)
      throws IOException {
    this.name = name;
    this.address = address;
    this.timeout = timeout;
    this.versions = versions;
    this.keys = Files.createTempFile("kumo-import-", ".keys");
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String identity() {
    return "memcached " + name;
  }

  /** The next time its items come in another order, if they come at all. */
  @Override
  public boolean isRepeatable() {
    return false;
  }

  @Override
  public void read(RecordSink sink) throws IOException {
    listKeys();
    try (MemcachedConnection connection = MemcachedConnection.open(address, timeout);
        BufferedReader lines = Files.newBufferedReader(keys, StandardCharsets.ISO_8859_1)) {
      List<byte[]> some = new ArrayList<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        some.add(decoded(line));
        if (some.size() == KEYS_AT_ONCE) {
          fetch(connection, some, sink);
        }
      }
      fetch(connection, some, sink);
    }
  }

  private void listKeys() throws IOException {
    try (MemcachedConnection connection = MemcachedConnection.open(address, timeout);
        BufferedWriter out = Files.newBufferedWriter(keys, StandardCharsets.ISO_8859_1)) {
      connection.send("lru_crawler metadump all\r\n");
      connection.flush();
      for (String line = connection.line(); !line.equals("END"); line = connection.line()) {
        if (!line.startsWith(KEY)) {
          throw new IOException("it does not list its keys: " + line);
        }
        int end = line.indexOf(' ');
        out.write(line, KEY.length(), (end < 0 ? line.length() : end) - KEY.length());
        out.newLine();
        total++;
      }
    }
  }

  /** The crawler writes keys as addresses are written: a percent sign and two digits. */
  private static byte[] decoded(String key) throws IOException {
    String plain = key.replace("+", "%2B");
    try {
      return URLDecoder.decode(plain, StandardCharsets.ISO_8859_1)
          .getBytes(StandardCharsets.ISO_8859_1);
    } catch (IllegalArgumentException e) {
      throw new IOException("it lists a key as memcached does not: " + key, e);
    }
  }

  /** Empties the list. */
  private void fetch(MemcachedConnection connection, List<byte[]> some, RecordSink sink)
      throws IOException {
    for (byte[] key : some) {
      connection.send("mg " + Base64.getEncoder().encodeToString(key) + " b f t v\r\n");
    }
    connection.flush();
    for (byte[] key : some) {
      read(connection, key, sink);
      done++;
    }
    some.clear();
  }

  private void read(MemcachedConnection connection, byte[] key, RecordSink sink)
      throws IOException {
    String line = connection.line();
    if (line.equals("EN")) {
      return;
    }
    String[] words = line.split(" ", -1);
    if (words.length < 2 || !words[0].equals("VA")) {
      throw new IOException("it does not answer mg, which memcached has had since 1.6: " + line);
    }
    int length = (int) number(words[1], Limits.MAX_VALUE_BYTES);
    long flags = 0;
    long expiry = 0;
    for (int i = 2; i < words.length; i++) {
      if (words[i].startsWith("f")) {
        flags = number(words[i].substring(1), 0xFFFF_FFFFL);
      } else if (words[i].startsWith("t") && !words[i].equals("t-1")) {
        expiry = nowSeconds() + number(words[i].substring(1), Integer.MAX_VALUE);
      }
    }
    byte[] value = connection.bytes(length);
    sink.record(ImportRecord.store(key, value, (int) flags, expiry, versions.next()));
  }

  private static long number(String digits, long most) throws IOException {
    try {
      long number = Long.parseLong(digits);
      if (number >= 0 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IOException("it answers \"" + digits + "\" where a number should be", e);
    }
    throw new IOException("it answers " + digits + ", which is out of all bounds");
  }

  private long nowSeconds() {
    return TimeUnit.MILLISECONDS.toSeconds(time.unixMillis());
  }

  @Override
  public long total() {
    return total;
  }

  @Override
  public long done() {
    return done;
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(keys);
  }
}
