package io.kumo.it.memcached;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The classic text protocol. */
final class TextDriver implements McDriver {
  private final Wire wire;

  TextDriver(InetSocketAddress address) throws IOException {
    wire = new Wire(address);
  }

  @Override
  public boolean comparesOnDelete() {
    return false;
  }

  @Override
  public boolean createsCounters() {
    return false;
  }

  private Outcome ask(String request) throws IOException {
    wire.send(request);
    return outcome(wire.line());
  }

  static Outcome outcome(String line) throws IOException {
    return switch (line) {
      case "STORED", "DELETED", "TOUCHED", "OK" -> Outcome.DONE;
      case "NOT_STORED" -> Outcome.NOT_STORED;
      case "EXISTS" -> Outcome.EXISTS;
      case "NOT_FOUND" -> Outcome.NOT_FOUND;
      case "CLIENT_ERROR cannot increment or decrement non-numeric value" -> Outcome.NON_NUMERIC;
      case "SERVER_ERROR object too large for cache" -> Outcome.TOO_LARGE;
      case "CLIENT_ERROR bad command line format" -> Outcome.BAD_REQUEST;
      case "ERROR" -> Outcome.UNKNOWN_COMMAND;
      default -> throw new IOException("answered " + line);
    };
  }

  private static String store(String word, String key, String value, String numbers, String tail) {
    String head = word + " " + key + " " + numbers + " " + value.length();
    return head + tail + "\r\n" + value + "\r\n";
  }

  @Override
  public Outcome store(Verb verb, String key, String value, long flags, long expiry)
      throws IOException {
    return ask(store(verb.word, key, value, flags + " " + expiry, ""));
  }

  @Override
  public Outcome cas(String key, String value, long unique) throws IOException {
    return ask(store("cas", key, value, "0 0", " " + Long.toUnsignedString(unique)));
  }

  @Override
  public void storeQuietly(Verb verb, String key, String value) throws IOException {
    wire.send(store(verb.word, key, value, "0 0", " noreply"));
  }

  @Override
  public void deleteQuietly(String key) throws IOException {
    wire.send("delete " + key + " noreply\r\n");
  }

  @Override
  public @Nullable Hit get(String key) throws IOException {
    return getAll(List.of(key)).get(0);
  }

  @Override
  public List<@Nullable Hit> getAll(List<String> keys) throws IOException {
    return fetch("gets " + String.join(" ", keys), keys);
  }

  private List<@Nullable Hit> fetch(String request, List<String> keys) throws IOException {
    wire.send(request + "\r\n");
    Map<String, Hit> found = new HashMap<>();
    for (String line = wire.line(); !line.equals("END"); line = wire.line()) {
      String[] words = line.split(" ", -1);
      if (!words[0].equals("VALUE")) {
        throw new IOException("answered " + line);
      }
      String value = wire.text(Integer.parseInt(words[3]));
      wire.text(2);
      long cas = Long.parseUnsignedLong(words[4]);
      found.put(words[1], new Hit(value, Long.parseLong(words[2]), cas));
    }
    List<@Nullable Hit> hits = new ArrayList<>();
    keys.forEach(key -> hits.add(found.get(key)));
    return hits;
  }

  @Override
  public Outcome delete(String key) throws IOException {
    return ask("delete " + key + "\r\n");
  }

  @Override
  public Outcome deleteIf(String key, long unique) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Count incr(String key, long delta) throws IOException {
    return count("incr " + key + " " + Long.toUnsignedString(delta));
  }

  @Override
  public Count decr(String key, long delta) throws IOException {
    return count("decr " + key + " " + Long.toUnsignedString(delta));
  }

  private Count count(String request) throws IOException {
    wire.send(request + "\r\n");
    String line = wire.line();
    boolean number = Character.isDigit(line.charAt(0));
    return number ? Count.of(Long.parseUnsignedLong(line)) : Count.not(outcome(line));
  }

  @Override
  public Count incr(String key, long delta, long initial, long expiry) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Outcome touch(String key, long expiry) throws IOException {
    return ask("touch " + key + " " + expiry + "\r\n");
  }

  @Override
  public @Nullable Hit getAndTouch(String key, long expiry) throws IOException {
    return fetch("gats " + expiry + " " + key, List.of(key)).get(0);
  }

  @Override
  public Outcome flush(long delaySeconds) throws IOException {
    return ask(delaySeconds == 0 ? "flush_all\r\n" : "flush_all " + delaySeconds + "\r\n");
  }

  @Override
  public String version() throws IOException {
    wire.send("version\r\n");
    return wire.line().replaceFirst("^VERSION ", "");
  }

  @Override
  public Map<String, String> stats(String argument) throws IOException {
    wire.send("stats " + argument + "\r\n");
    Map<String, String> stats = new LinkedHashMap<>();
    for (String line = wire.line(); line.startsWith("STAT "); line = wire.line()) {
      String[] words = line.split(" ", 3);
      stats.put(words[1], words[2]);
    }
    return stats;
  }

  @Override
  public Outcome nonsense() throws IOException {
    return ask("nonsense a b c\r\n");
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }
}
