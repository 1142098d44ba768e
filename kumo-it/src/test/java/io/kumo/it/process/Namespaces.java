package io.kumo.it.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Machines of their own for processes: a network namespace each, joined by a bridge in one more, in
 * which traffic between any two can be dropped without a word. Needs root and the programs ip and
 * iptables. Nothing outside these namespaces is touched.
 */
final class Namespaces implements AutoCloseable {
  private static final String NETWORK = "10.77.0.";

  private final String prefix = "kumo-" + ProcessHandle.current().pid() + "-";
  private final Map<String, String> addresses = new LinkedHashMap<>();

  private Namespaces() {}

  /** Why there can be none here; null if there can. */
  static @Nullable String objection() {
    try (Namespaces tried = new Namespaces()) {
      tried.addHub();
      tried.add("try");
      tried.inside("try", "iptables", "-S");
      return null;
    } catch (IOException e) {
      return "no network namespaces: " + e.getMessage();
    }
  }

  static Namespaces of(String... names) throws IOException {
    Namespaces made = new Namespaces();
    try {
      made.addHub();
      for (String name : names) {
        made.add(name);
      }
      return made;
    } catch (IOException e) {
      made.close();
      throw e;
    }
  }

  private void addHub() throws IOException {
    run("ip", "netns", "add", prefix + "hub");
    run("ip", "-n", prefix + "hub", "link", "add", "bridge", "type", "bridge");
    run("ip", "-n", prefix + "hub", "link", "set", "bridge", "up");
  }

  private void add(String name) throws IOException {
    String space = prefix + name;
    addresses.put(name, NETWORK + (addresses.size() + 1));
    run("ip", "netns", "add", space);
    run(
        "ip",
        "-n",
        space,
        "link",
        "add",
        "eth0",
        "type",
        "veth",
        "peer",
        "name",
        name,
        "netns",
        prefix + "hub");
    run("ip", "-n", prefix + "hub", "link", "set", name, "master", "bridge", "up");
    run("ip", "-n", space, "addr", "add", address(name) + "/24", "dev", "eth0");
    run("ip", "-n", space, "link", "set", "eth0", "up");
    run("ip", "-n", space, "link", "set", "lo", "up");
  }

  String address(String name) {
    return addresses.get(name);
  }

  /** What stands before a command that is to run on a machine. */
  List<String> on(String name) {
    return List.of("ip", "netns", "exec", prefix + name);
  }

  /** Drops all traffic between each of these and each of those. */
  void cut(List<String> these, List<String> those) throws IOException {
    for (String one : these) {
      for (String other : those) {
        inside(one, "iptables", "-A", "INPUT", "-s", address(other), "-j", "DROP");
        inside(one, "iptables", "-A", "OUTPUT", "-d", address(other), "-j", "DROP");
      }
    }
  }

  void heal() throws IOException {
    for (String name : addresses.keySet()) {
      inside(name, "iptables", "-F");
    }
  }

  private void inside(String name, String... command) throws IOException {
    List<String> whole = new ArrayList<>(on(name));
    whole.addAll(Arrays.asList(command));
    run(whole.toArray(new String[0]));
  }

  private static void run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      byte[] said = process.getInputStream().readAllBytes();
      if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
        throw new IOException(
            String.join(" ", command) + ": " + new String(said, StandardCharsets.UTF_8).strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** The processes on them are to have ended. */
  @Override
  public void close() {
    List<String> names = new ArrayList<>(addresses.keySet());
    names.add("hub");
    for (String name : names) {
      try {
        run("ip", "netns", "del", prefix + name);
      } catch (IOException e) {
        System.err.println(e.getMessage());
      }
    }
  }
}
