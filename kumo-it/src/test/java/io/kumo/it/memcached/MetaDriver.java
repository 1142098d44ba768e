package io.kumo.it.memcached;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The meta commands; what they cannot say goes out in classic text. */
final class MetaDriver implements McDriver {
  private final Wire wire;
  private final TextDriver text;

  MetaDriver(InetSocketAddress address) throws IOException {
    wire = new Wire(address);
    text = new TextDriver(address);
  }

  private Outcome ask(String request) throws IOException {
    wire.send(request);
    return outcome(wire.line());
  }

  private static Outcome outcome(String line) throws IOException {
    String code = line.split(" ", 2)[0];
    return switch (code) {
      case "HD" -> Outcome.DONE;
      case "NS" -> Outcome.NOT_STORED;
      case "EX" -> Outcome.EXISTS;
      case "NF", "EN" -> Outcome.NOT_FOUND;
      default -> TextDriver.outcome(line);
    };
  }

  private static String store(String key, String value, String flags) {
    return "ms " + key + " " + value.length() + " " + flags + "\r\n" + value + "\r\n";
  }

  @Override
  public Outcome store(Verb verb, String key, String value, long flags, long expiry)
      throws IOException {
    return ask(store(key, value, "F" + flags + " T" + expiry + " M" + verb.mode));
  }

  @Override
  public Outcome cas(String key, String value, long unique) throws IOException {
    return ask(store(key, value, "C" + Long.toUnsignedString(unique)));
  }

  @Override
  public void storeQuietly(Verb verb, String key, String value) throws IOException {
    wire.send(store(key, value, "q M" + verb.mode));
    barrier();
  }

  @Override
  public void deleteQuietly(String key) throws IOException {
    wire.send("md " + key + " q\r\n");
    barrier();
  }

  /** Nothing but this may be answered by then. */
  private void barrier() throws IOException {
    wire.send("mn\r\n");
    String line = wire.line();
    if (!line.equals("MN")) {
      throw new IOException("not quiet: " + line);
    }
  }

  @Override
  public @Nullable Hit get(String key) throws IOException {
    wire.send("mg " + key + " v f c\r\n");
    return hit(wire.line());
  }

  private @Nullable Hit hit(String line) throws IOException {
    if (line.equals("EN")) {
      return null;
    }
    String[] words = line.split(" ", -1);
    if (!words[0].equals("VA")) {
      throw new IOException("answered " + line);
    }
    String value = wire.text(Integer.parseInt(words[1]));
    wire.text(2);
    return new Hit(
        value,
        Long.parseLong(words[2].substring(1)),
        Long.parseUnsignedLong(words[3].substring(1)));
  }

  @Override
  public List<@Nullable Hit> getAll(List<String> keys) throws IOException {
    StringBuilder requests = new StringBuilder();
    for (int i = 0; i < keys.size(); i++) {
      requests.append("mg ").append(keys.get(i)).append(" v f c O").append(i).append(" q\r\n");
    }
    wire.send(requests + "mn\r\n");
    Map<Integer, Hit> found = new HashMap<>();
    for (String line = wire.line(); !line.equals("MN"); line = wire.line()) {
      Hit hit = hit(line);
      if (hit == null) {
        throw new IOException("a miss was answered");
      }
      found.put(Integer.valueOf(line.split(" ", -1)[4].substring(1)), hit);
    }
    List<@Nullable Hit> hits = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      hits.add(found.get(i));
    }
    return hits;
  }

  @Override
  public Outcome delete(String key) throws IOException {
    return ask("md " + key + "\r\n");
  }

  @Override
  public Outcome deleteIf(String key, long unique) throws IOException {
    return ask("md " + key + " C" + Long.toUnsignedString(unique) + "\r\n");
  }

  @Override
  public Count incr(String key, long delta) throws IOException {
    return count("ma " + key + " v D" + Long.toUnsignedString(delta));
  }

  @Override
  public Count decr(String key, long delta) throws IOException {
    return count("ma " + key + " v MD D" + Long.toUnsignedString(delta));
  }

  @Override
  public Count incr(String key, long delta, long initial, long expiry) throws IOException {
    return count("ma " + key + " v N" + expiry + " J" + initial + " D" + delta);
  }

  private Count count(String request) throws IOException {
    wire.send(request + "\r\n");
    String line = wire.line();
    if (!line.startsWith("VA ")) {
      return Count.not(outcome(line));
    }
    String number = wire.text(Integer.parseInt(line.split(" ", -1)[1]));
    wire.text(2);
    return Count.of(Long.parseUnsignedLong(number));
  }

  @Override
  public Outcome touch(String key, long expiry) throws IOException {
    return ask("mg " + key + " T" + expiry + "\r\n");
  }

  @Override
  public @Nullable Hit getAndTouch(String key, long expiry) throws IOException {
    wire.send("mg " + key + " v f c T" + expiry + "\r\n");
    return hit(wire.line());
  }

  @Override
  public Outcome flush(long delaySeconds) throws IOException {
    return text.flush(delaySeconds);
  }

  @Override
  public String version() throws IOException {
    return text.version();
  }

  @Override
  public Map<String, String> stats(String argument) throws IOException {
    return text.stats(argument);
  }

  @Override
  public Outcome nonsense() throws IOException {
    return ask("mz a\r\n");
  }

  @Override
  public void close() throws IOException {
    text.close();
    wire.close();
  }
}
