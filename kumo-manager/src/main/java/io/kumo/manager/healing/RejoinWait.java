package io.kumo.manager.healing;

import io.kumo.core.ring.NodeAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * When a server that is back may rejoin. One that was only cut off may at once; but one that falls
 * again and again has to wait longer each time, as every return moves records. One that was started
 * anew waits for an operator's say first. Confined to one thread; the time comes in.
 */
final class RejoinWait {
  /** Whoever has taken part for so long before it falls is not one that falls again and again. */
  static final long CALM_NS = Duration.ofSeconds(10).toNanos();

  static final long FIRST_PAUSE_NS = Duration.ofSeconds(2).toNanos();
  static final long LONGEST_PAUSE_NS = Duration.ofSeconds(30).toNanos();
  private static final int MAX_FALLS = 8;

  private static final class Entry {
    boolean back;
    long backNs;
    boolean takesPart;
    long rejoinedNs;
    int falls;

    /** It takes part no more. */
    void fallen(long nowNs) {
      if (takesPart) {
        falls = nowNs - rejoinedNs < CALM_NS ? Math.min(MAX_FALLS, falls + 1) : 0;
      }
      takesPart = false;
    }
  }

  private long restartedNs;
  private final Map<NodeAddress, Entry> entries = new HashMap<>();

  /**
   * @param restartedNs how long one waits that was started anew
   */
  RejoinWait(long restartedNs) {
    this.restartedNs = restartedNs;
  }

  void setRestartedNs(long ns) {
    restartedNs = ns;
  }

  /** Nothing is kept of other servers than these. */
  void retain(Collection<NodeAddress> known) {
    entries.keySet().retainAll(known);
  }

  /**
   * The server is there, and not active.
   *
   * @return whether it may rejoin now
   */
  boolean isDue(NodeAddress server, boolean restarted, long nowNs) {
    Entry entry = entries.computeIfAbsent(server, s -> new Entry());
    entry.fallen(nowNs);
    if (!entry.back) {
      entry.back = true;
      entry.backNs = nowNs;
    }
    long pauseNs =
        entry.falls == 0 ? 0 : Math.min(LONGEST_PAUSE_NS, FIRST_PAUSE_NS << (entry.falls - 1));
    return nowNs - entry.backNs >= Math.max(pauseNs, restarted ? restartedNs : 0);
  }

  /** The server is not there, or something keeps it from taking part: it waits anew. */
  void away(NodeAddress server, long nowNs) {
    Entry entry = entries.get(server);
    if (entry != null) {
      entry.fallen(nowNs);
      entry.back = false;
    }
  }

  /** It takes part again. */
  void rejoined(NodeAddress server, long nowNs) {
    Entry entry = entries.computeIfAbsent(server, s -> new Entry());
    entry.back = false;
    entry.takesPart = true;
    entry.rejoinedNs = nowNs;
  }

  /** Those that are there and wait. */
  int waiting() {
    return (int) entries.values().stream().filter(entry -> entry.back).count();
  }
}
