package io.kumo.testkit.net;

import io.kumo.core.ring.NodeAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Hosts joined by a network in memory. One thread runs all of them, event by event. Links behave as
 * TCP: bytes arrive in order or the link ends.
 */
public final class MemoryNetwork {
  private final EventQueue events = new EventQueue();
  private final Map<NodeAddress, MemoryHost> hosts = new LinkedHashMap<>();
  private final List<MemoryHost> everStarted = new ArrayList<>();
  private final Map<NodeAddress, MemoryHost.Listener> listeners = new HashMap<>();
  private final Set<NodeAddress> dark = new HashSet<>();
  private NetworkConditions conditions = NetworkConditions.FAIR;
  private @Nullable MemoryHost running;
  private boolean bugsExpected;
  private @Nullable String lastBug;

  public EventQueue events() {
    return events;
  }

  public NetworkConditions conditions() {
    return conditions;
  }

  public void setConditions(NetworkConditions conditions) {
    this.conditions = conditions;
  }

  /**
   * A new process. The name is its address where it listens, and any unused address where it does
   * not; a process of that name that was here before must have been killed.
   */
  public MemoryHost start(NodeAddress name) {
    MemoryHost host = new MemoryHost(this, name);
    MemoryHost before = hosts.put(name, host);
    if (before != null && before.isAlive()) {
      throw new IllegalStateException(name + " is running");
    }
    everStarted.add(host);
    dark.remove(name);
    return host;
  }

  /** Ends a process at once; the other ends of its links hear of it. */
  public void kill(NodeAddress name) {
    MemoryHost host = hosts.get(name);
    if (host != null) {
      listeners.values().removeIf(listener -> listener.host() == host);
      host.kill();
    }
  }

  /**
   * Ends a machine at once. Nobody hears of it: the other ends of its links find out for
   * themselves, and connecting to it times out until it is started again.
   */
  public void powerOff(NodeAddress name) {
    MemoryHost host = hosts.get(name);
    if (host != null) {
      dark.add(name);
      listeners.forEach(
          (address, listener) -> {
            if (listener.host() == host) {
              dark.add(address);
            }
          });
      listeners.keySet().removeAll(dark);
      host.powerOff();
    }
  }

  /** Ends the links between two hosts; what they carry is lost. */
  public void resetLinks(NodeAddress one, NodeAddress other) {
    MemoryHost host = hosts.get(one);
    if (host != null) {
      host.resetLinks(other);
    }
  }

  /**
   * A bug at any host ends the step in which it happened with an {@link AssertionError}, unless
   * this was called: then whoever called it asks {@link #bugs}.
   */
  public void expectBugs() {
    bugsExpected = true;
  }

  void bugFound(MemoryHost host) {
    lastBug = host + ": " + host.guard().lastBug();
    if (!bugsExpected) {
      throw new AssertionError(lastBug);
    }
  }

  /** Bugs at all hosts that there ever were. */
  public long bugs() {
    return everStarted.stream().mapToLong(host -> host.guard().bugs()).sum();
  }

  /** Where the last one was and what; null when there was none. */
  public @Nullable String lastBug() {
    return lastBug;
  }

  /** The most timers that ever waited at one host, see {@link MemoryHost#maxPendingTimers}. */
  public int maxPendingTimers() {
    return everStarted.stream().mapToInt(MemoryHost::maxPendingTimers).max().orElse(0);
  }

  /** The host whose event is being handled; for log lines. */
  public @Nullable MemoryHost running() {
    return running;
  }

  @Nullable MemoryHost setRunning(@Nullable MemoryHost host) {
    MemoryHost before = running;
    running = host;
    return before;
  }

  boolean isDark(NodeAddress address) {
    return dark.contains(address);
  }

  @Nullable MemoryHost host(NodeAddress name) {
    return hosts.get(name);
  }

  boolean listen(NodeAddress address, MemoryHost.Listener listener) {
    dark.remove(address);
    return listeners.putIfAbsent(address, listener) == null;
  }

  void unlisten(NodeAddress address) {
    listeners.remove(address);
  }

  MemoryHost.@Nullable Listener listener(NodeAddress address) {
    return listeners.get(address);
  }
}
