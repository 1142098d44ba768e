package io.kumo.it.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Machines of their own for processes: a network namespace each, joined by a bridge in one more, in
 * which traffic between any two can be dropped without a word. Needs root and the programs ip and
 * iptables. Nothing outside these namespaces is touched.
 */
public final class Namespaces implements AutoCloseable {
  private static final String NETWORK = "10.77.0.";

  /** Of a process in the hub that {@link #around} made. */
  private static final String CENTRE = NETWORK + "254";

  private final String prefix = "kumo-" + ProcessHandle.current().pid() + "-";
  private final Map<String, String> addresses = new LinkedHashMap<>();
  private final List<String> hub;
  private final boolean bridged;

  /**
   * @param own whether this process is in a namespace of its own, which becomes the hub
   */
  private Namespaces(boolean own, boolean bridged) {
    this.bridged = bridged;
    hub = own ? List.of("ip") : List.of("ip", "-n", prefix + "hub");
  }

  /** Why there can be none here; null if there can. */
  public static @Nullable String objection() {
    try (Namespaces tried = new Namespaces(false, true)) {
      run("ip", "netns", "add", tried.prefix + "hub");
      tried.addBridge();
      tried.add("try");
      tried.plug("try");
      tried.inside("try", "iptables", "-S");
      return null;
    } catch (IOException e) {
      return "no network namespaces: " + e.getMessage();
    }
  }

  static Namespaces of(String... names) throws IOException {
    Namespaces made = new Namespaces(false, true);
    try {
      run("ip", "netns", "add", made.prefix + "hub");
      made.addBridge();
      for (String name : names) {
        made.add(name);
        made.plug(name);
      }
      return made;
    } catch (IOException e) {
      made.close();
      throw e;
    }
  }

  /**
   * This process, which was started by {@code unshare --net} and so has no network at all, becomes
   * one more machine, which reaches all others whatever is cut between them.
   *
   * @param bridged whether a bridge joins them; if not, each machine's link ends here under its
   *     name, and that of this process under the name {@code centre}, for a program to forward
   */
  public static Namespaces around(boolean bridged, List<String> names) throws IOException {
    Namespaces made = new Namespaces(true, bridged);
    try {
      made.addCentre();
      if (bridged) {
        made.addBridge();
        made.plug("centre");
      }
      for (String name : names) {
        made.add(name);
        if (bridged) {
          made.plug(name);
        }
      }
      return made;
    } catch (IOException e) {
      made.close();
      throw e;
    }
  }

  private void inHub(String... command) throws IOException {
    List<String> whole = new ArrayList<>(hub);
    whole.addAll(Arrays.asList(command));
    run(whole.toArray(new String[0]));
  }

  private void addBridge() throws IOException {
    inHub("link", "add", "bridge", "type", "bridge");
    inHub("link", "set", "bridge", "up");
  }

  private void plug(String name) throws IOException {
    inHub("link", "set", name, "master", "bridge");
  }

  /** The end here is told to take no part in ARP: a machine's questions are not for this one. */
  private void addCentre() throws IOException {
    inHub("link", "add", "eth0", "type", "veth", "peer", "name", "centre");
    inHub("addr", "add", CENTRE + "/24", "dev", "eth0");
    inHub("link", "set", "eth0", "up");
    inHub("link", "set", "lo", "up");
    inHub("link", "set", "centre", "arp", "off", "up");
  }

  private void add(String name) throws IOException {
    String space = prefix + name;
    addresses.put(name, NETWORK + (addresses.size() + 1));
    run("ip", "netns", "add", space);
    inHub("link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", space);
    inHub("link", "set", name, "arp", "off", "up");
    run("ip", "-n", space, "addr", "add", address(name) + "/24", "dev", "eth0");
    run("ip", "-n", space, "link", "set", "eth0", "up");
    run("ip", "-n", space, "link", "set", "lo", "up");
  }

  public String address(String name) {
    return addresses.get(name);
  }

  /** What stands before a command that is to run on a machine. */
  public List<String> on(String name) {
    return List.of("ip", "netns", "exec", prefix + name);
  }

  /** Drops all traffic between each of these and each of those. */
  public void cut(List<String> these, List<String> those) throws IOException {
    for (String one : these) {
      for (String other : those) {
        inside(one, "iptables", "-A", "INPUT", "-s", address(other), "-j", "DROP");
        inside(one, "iptables", "-A", "OUTPUT", "-d", address(other), "-j", "DROP");
      }
    }
  }

  /** Drops what each of these sends to each of those; what comes the other way is let through. */
  public void cutOneWay(List<String> these, List<String> those) throws IOException {
    for (String one : these) {
      for (String other : those) {
        inside(other, "iptables", "-A", "INPUT", "-s", address(one), "-j", "DROP");
      }
    }
  }

  /** Drops each packet between machines with this probability. */
  public void lose(double share) throws IOException {
    String probability = Double.toString(share);
    for (String name : addresses.keySet()) {
      inside(
          name,
          Stream.of(
                  "iptables -A INPUT -i eth0 ! -s " + CENTRE,
                  "-m statistic --mode random --probability " + probability,
                  "-j DROP")
              .flatMap(part -> Stream.of(part.split(" ", -1)))
              .toArray(String[]::new));
    }
  }

  public void heal() throws IOException {
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
    if (hub.size() > 1) {
      names.add("hub");
    } else {
      unplugAll();
    }
    for (String name : names) {
      orReport("ip", "netns", "del", prefix + name);
    }
  }

  /** A namespace takes its links with it some time later, and this one may need their names. */
  private void unplugAll() {
    for (String name : addresses.keySet()) {
      orReport("ip", "link", "del", name);
    }
    orReport("ip", "link", "del", "eth0");
    if (bridged) {
      orReport("ip", "link", "del", "bridge");
    }
  }

  private static void orReport(String... command) {
    try {
      run(command);
    } catch (IOException e) {
      System.err.println(e.getMessage());
    }
  }
}
