package io.kumo.server.replicate;

import io.kumo.core.guard.Guard;
import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.ClusterView;
import io.kumo.core.protocol.Fence;
import io.kumo.core.protocol.NodeExtras;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The hash spaces that this server goes by, and the one place where they change.
 *
 * <p>Confined to the main loop. A hash space is only ever replaced by one with a greater ClockTime,
 * so {@link #current()} never steps back. Listeners run in the order in which they were added,
 * after the change, and may read {@link #current()} but change nothing in here.
 */
public final class HashSpaceHolder {
  /** Hears of changes. */
  public interface Listener {
    /**
     * Something changed.
     *
     * @param continuous whether the write hash space is the former one, or surely the one that
     *     followed it
     */
    void changed(HashSpaces spaces, boolean continuous);
  }

  private final NodeAddress self;
  private final Guard guard;
  private final List<Listener> listeners = new ArrayList<>();
  private HashSpaces current;
  private ClusterExtras extras;
  private @Nullable Object lastSource;
  private long unnamedIncarnation;
  private BooleanSupplier readiness = () -> true;

  public HashSpaceHolder(NodeAddress self, ClusterView initial) {
    this(self, initial, Guard.ofProcess());
  }

  /** What a listener throws ends in the guard, and the others hear of the change all the same. */
  public HashSpaceHolder(NodeAddress self, ClusterView initial, Guard guard) {
    this.self = self;
    this.guard = guard;
    this.current = initial.spaces();
    this.extras = initial.extras();
  }

  /**
   * Coordinates nothing until shown hash spaces that name this very process, or newer ones that
   * name no processes: while the process before it was gone, others may have taken its keys over.
   */
  public void distrustUntilNamed(long incarnation) {
    unnamedIncarnation = incarnation;
  }

  /** Whether the hash spaces held were made for this process, and not for one before it. */
  public boolean isTrusted() {
    return unnamedIncarnation == 0;
  }

  /** All others have confirmed that the hash spaces are still those of the former process. */
  void trust() {
    unnamedIncarnation = 0;
  }

  private void trustIfNamed(ClusterView received, boolean takesWrite) {
    boolean named =
        received.extras().isPresent()
            ? received.extras().find(self).map(NodeExtras::incarnation).orElse(0L)
                == unnamedIncarnation
            : takesWrite && isOther(received.spaces().write(), current.write());
    if (takesWrite && named) {
      unnamedIncarnation = 0;
    }
  }

  /** Takes part in nothing while {@code ready} says no: its records may be out of date. */
  public void waitFor(BooleanSupplier ready) {
    readiness = ready;
  }

  /** Whether what this server holds may be shown and added to. */
  boolean isReady() {
    return readiness.getAsBoolean();
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

  /** For those to whom it does not matter what came in between. */
  public void addListener(Consumer<HashSpaces> listener) {
    listeners.add((spaces, continuous) -> listener.accept(spaces));
  }

  public void addChangeListener(Listener listener) {
    listeners.add(listener);
  }

  /** Takes what is newer, as heard from anybody: see {@link #offer(ClusterView, Object)}. */
  public boolean offer(ClusterView received) {
    return offer(received, null);
  }

  /** The same for hash spaces without extras. */
  public boolean offer(HashSpaces received) {
    return offer(new ClusterView(received, ClusterExtras.NONE), null);
  }

  /** Takes {@code write} alone, as the start of a copy phase does. */
  public boolean offerWrite(HashSpace write, @Nullable Object source) {
    HashSpaces spaces = new HashSpaces(write, current.read());
    return offer(new ClusterView(spaces, ClusterExtras.NONE), source);
  }

  /**
   * Takes what is newer, but nothing by which no server were active while one is.
   *
   * @param source the connection of the manager that sent it, null from anybody else. A manager
   *     tells every change to every server that is connected, in order: what follows on one
   *     connection came right after what was before
   * @return false when both hash spaces are older than what this server has: the answer to a
   *     HashSpaceSync is nil then
   */
  public boolean offer(ClusterView received, @Nullable Object source) {
    HashSpace write = received.spaces().write();
    HashSpace read = received.spaces().read();
    boolean takesAll = received.spaces().takeAllFrom(current);
    boolean takesWrite = !takesAll && write.supersedes(current.write());
    boolean takesRead = !takesAll && read.supersedes(current.read());
    ClusterExtras merged = merge(received.extras(), takesWrite);
    trustIfNamed(received, takesWrite);
    HashSpaces next =
        new HashSpaces(
            takesWrite && isOther(write, current.write()) ? write : current.write(),
            takesRead && isOther(read, current.read()) ? read : current.read());
    replace(next, merged, takesWrite ? source : lastSource);
    return takesWrite || takesRead;
  }

  /**
   * Makes the read hash space what the write hash space is, as the start of a delete phase does.
   */
  public void readFollowsWrite() {
    replace(new HashSpaces(current.write(), current.write()), extras, lastSource);
  }

  /** Whether the write hash space names this server active. */
  public boolean isActive() {
    return current.write().isActive(self);
  }

  public boolean isCoordinator(long hash) {
    return isTrusted() && self.equals(current.write().coordinator(hash)) && isReady();
  }

  /** The fence: the sender goes by this very write hash space, and in it coordinates the key. */
  public boolean admits(Fence fence, long hash) {
    HashSpace write = current.write();
    return write.clockTime() == fence.whsClockTime()
        && isReady()
        && fence.sender().equals(write.coordinator(hash));
  }

  private ClusterExtras merge(ClusterExtras received, boolean isCurrent) {
    ClusterExtras base = isCurrent && !received.nodes().isEmpty() ? received : extras;
    return base.withFlushesOf(extras)
        .withFlushesOf(received)
        .withManagers(extras.managers().newer(received.managers()));
  }

  private void replace(HashSpaces next, ClusterExtras newExtras, @Nullable Object source) {
    boolean writeChanges = !next.write().equals(current.write());
    boolean continuous = !writeChanges || (source != null && source.equals(lastSource));
    lastSource = source;
    if (next.equals(current) && newExtras.equals(extras)) {
      return;
    }
    current = next;
    extras = newExtras;
    for (Listener listener : listeners) {
      guard.run("listener to hash spaces", listener, () -> listener.changed(current, continuous));
    }
  }

  private static boolean isOther(HashSpace received, HashSpace own) {
    return received.clockTime() != own.clockTime();
  }
}
