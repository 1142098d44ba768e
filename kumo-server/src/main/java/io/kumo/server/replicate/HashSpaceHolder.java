package io.kumo.server.replicate;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.ClusterView;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The hash spaces that this server goes by, and the one place where they change.
 *
 * <p>Confined to the main loop. A hash space is only ever replaced by one with a greater ClockTime,
 * so {@link #current()} never steps back. Listeners run in the order in which they were added,
 * after the change, and may read {@link #current()} but change nothing in here.
 */
public final class HashSpaceHolder {
  private final NodeAddress self;
  private final List<Consumer<HashSpaces>> listeners = new ArrayList<>();
  private HashSpaces current;
  private ClusterExtras extras;

  public HashSpaceHolder(NodeAddress self, ClusterView initial) {
    this.self = self;
    this.current = initial.spaces();
    this.extras = initial.extras();
  }

  public NodeAddress self() {
    return self;
  }

  public HashSpaces current() {
    return current;
  }

  /** The hash spaces and what comes with them, as they are sent to others. */
  public ClusterView view() {
    return new ClusterView(current, extras);
  }

  /** Records up to this ClockTime count as absent; 0 when there was no flush_all. */
  public long flushClockTime() {
    return extras.flushClockTime();
  }

  public void addListener(Consumer<HashSpaces> listener) {
    listeners.add(listener);
  }

  /**
   * Takes what is newer.
   *
   * @return false when both hash spaces are older than what this server has: the answer to a
   *     HashSpaceSync is nil then
   */
  public boolean offer(ClusterView received) {
    HashSpace write = received.spaces().write();
    HashSpace read = received.spaces().read();
    boolean takesWrite = isAcceptable(write, current.write());
    boolean takesRead = isAcceptable(read, current.read());
    ClusterExtras merged = merge(received.extras(), takesWrite);
    replace(
        isNewer(write, current.write()) ? write : current.write(),
        isNewer(read, current.read()) ? read : current.read(),
        merged);
    return takesWrite || takesRead;
  }

  public boolean offer(HashSpaces received) {
    return offer(new ClusterView(received, ClusterExtras.NONE));
  }

  /** Takes {@code write} alone, as the start of a copy phase does. */
  public boolean offerWrite(HashSpace write) {
    return offer(new HashSpaces(write, current.read()));
  }

  /**
   * Makes the read hash space what the write hash space is, as the start of a delete phase does.
   */
  public void readFollowsWrite() {
    replace(current.write(), current.write(), extras);
  }

  /** Whether the write hash space names this server active. */
  public boolean isActive() {
    return current.write().isActive(self);
  }

  public boolean isCoordinator(long hash) {
    return self.equals(current.write().coordinator(hash));
  }

  private ClusterExtras merge(ClusterExtras received, boolean isCurrent) {
    long flush = ClockTime.max(received.flushClockTime(), extras.flushClockTime());
    ClusterExtras base = isCurrent && !received.nodes().isEmpty() ? received : extras;
    return base.withFlushClockTime(flush);
  }

  private void replace(HashSpace write, HashSpace read, ClusterExtras newExtras) {
    HashSpaces next = new HashSpaces(write, read);
    if (next.equals(current) && newExtras.equals(extras)) {
      return;
    }
    current = next;
    extras = newExtras;
    for (Consumer<HashSpaces> listener : listeners) {
      listener.accept(current);
    }
  }

  private static boolean isAcceptable(HashSpace received, HashSpace own) {
    return !received.nodes().isEmpty()
        && (own.nodes().isEmpty() || ClockTime.compare(own.clockTime(), received.clockTime()) <= 0);
  }

  private static boolean isNewer(HashSpace received, HashSpace own) {
    return isAcceptable(received, own) && received.clockTime() != own.clockTime();
  }
}
