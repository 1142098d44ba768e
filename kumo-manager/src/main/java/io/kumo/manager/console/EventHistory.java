package io.kumo.manager.console;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.NodeListener;
import io.kumo.core.rpc.Peer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/**
 * What has happened in the cluster since this manager started: the last {@value #MAX_EVENTS}
 * events. Confined to the manager's loop.
 */
final class EventHistory implements NodeListener {
  static final int MAX_EVENTS = 500;

  /** How much an event matters to an operator. */
  enum Weight {
    /** As it should be. */
    GOOD,
    /** Something goes on. */
    PLAIN,
    /** Something to look after. */
    BAD
  }

  /**
   * One of them.
   *
   * @param number one more than that of the event before
   * @param unixMillis when it was seen
   */
  record Event(long number, long unixMillis, Weight weight, String text) {}

  private final TimeSource time;
  private final Deque<Event> events = new ArrayDeque<>();
  private long count;

  EventHistory(TimeSource time) {
    this.time = time;
  }

  void add(Weight weight, String text) {
    if (events.size() == MAX_EVENTS) {
      events.removeFirst();
    }
    events.addLast(new Event(++count, time.unixMillis(), weight, text));
  }

  /** The newest last. */
  List<Event> all() {
    return List.copyOf(events);
  }

  @Override
  public void nodeAppeared(Peer peer) {
    NodeAddress address = peer.address();
    if (address != null && peer.role() != null) {
      add(Weight.GOOD, "%s %s is there".formatted(word(peer), address));
    }
  }

  @Override
  public void nodeLost(Peer peer) {
    NodeAddress address = peer.address();
    if (address != null) {
      add(Weight.BAD, "%s %s is lost".formatted(word(peer), address));
    }
  }

  private static String word(Peer peer) {
    return String.valueOf(peer.role()).toLowerCase(Locale.ROOT);
  }
}
