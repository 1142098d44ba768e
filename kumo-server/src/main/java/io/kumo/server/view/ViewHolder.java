package io.kumo.server.view;

import io.kumo.core.guard.Guard;
import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.Fence;
import io.kumo.core.protocol.NodeExtras;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.votes.InstalledSpaces;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.TimeBound;
import io.kumo.core.view.ClusterView;
import io.kumo.server.lifecycle.ReplicaLifecycle;
import io.kumo.server.lifecycle.Right;
import org.jspecify.annotations.Nullable;

/**
 * The installed hash spaces, and the one place where they change.
 *
 * <p>Confined to the main loop. A hash space is only ever replaced by one with a greater ClockTime,
 * so {@link #current()} never steps back. While views count by votes ({@link #countsVotes}) only
 * those that are committed change anything ({@link #install}), whatever anybody offers, and this
 * server coordinates nothing without what its {@link Coordination} says. What is taken is persisted
 * first, while this server goes on by what it has, as if it had not heard of it yet: it may promise
 * nothing by hash spaces that a crash would have it forget. All that follows from a change is told
 * by one {@link Dispatch}, then whoever waited for it ({@link #afterInstall}).
 */
public final class ViewHolder {
  /** Tells everybody of a change, in the one order that is right. */
  public interface Dispatch {
    /**
     * Another view is installed. Whoever is told may read it here, but change nothing.
     *
     * @param continuous whether the write hash space is the former one, or surely the one that
     *     followed it
     */
    void installed(HashSpaces spaces, boolean continuous);
  }

  /** Makes what was taken durable. */
  public interface Persister {
    /** Runs {@code durable} on the main loop, at once or later, in the order of the calls. */
    void persist(PublishedSpaces view, Runnable durable);
  }

  private final NodeAddress self;
  private final Guard guard;
  private final TakenViews taken;
  private Dispatch dispatch = (spaces, continuous) -> {};
  private HashSpaces current;
  private ClusterExtras extras;
  private ClusterView voted;
  private Coordination coordination = Coordination.BY_VIEW_ALONE;
  private @Nullable Object lastSource;
  private final ReplicaLifecycle lifecycle = new ReplicaLifecycle();
  private long incarnation;
  private @Nullable TimeBound bound;

  public ViewHolder(NodeAddress self, PublishedSpaces initial) {
    this(self, initial, Guard.ofProcess());
  }

  /** What is thrown while a change is told ends in the guard. */
  public ViewHolder(NodeAddress self, PublishedSpaces initial, Guard guard) {
    this(self, initial, ClusterView.NONE, guard);
  }

  /**
   * As a process starts.
   *
   * @param initialVoted the committed view that {@code initial} is of
   */
  public ViewHolder(
      NodeAddress self, PublishedSpaces initial, ClusterView initialVoted, Guard guard) {
    this.self = self;
    this.voted = initialVoted;
    this.guard = guard;
    this.current = initial.spaces();
    this.extras = initial.extras();
    this.taken = new TakenViews(initial, initialVoted, this::install);
    tellLifecycle();
  }

  /** What this server may do by what is installed here, and by what it knows of its records. */
  public ReplicaLifecycle lifecycle() {
    return lifecycle;
  }

  private void tellLifecycle() {
    HashSpace write = current.write();
    boolean listed = write.find(self).isPresent();
    lifecycle.setActive(listed, write.isActive(self), current.read().isActive(self));
  }

  /** Before anything is offered: what is newer than this lets is not taken. */
  public void boundBy(TimeBound timeBound) {
    bound = timeBound;
  }

  /** Before anything is offered. */
  public void persistWith(Persister disk) {
    taken.persistWith(disk);
  }

  /** Runs the task when all that was taken so far has been installed; at once if it has been. */
  public void afterInstall(Runnable task) {
    taken.afterInstall(task);
  }

  /** What {@link #current} will be when all that was taken so far has been installed. */
  public HashSpaces latest() {
    return latestView().spaces();
  }

  /** What {@link #view} will be when all that was taken so far has been installed. */
  public PublishedSpaces latestView() {
    return taken.latest();
  }

  /**
   * Coordinates nothing until shown hash spaces that name this very process, or newer ones that
   * name no processes: while the process before it was gone, others may have taken its keys over.
   */
  public void waitUntilNamed(long ownIncarnation) {
    incarnation = ownIncarnation;
    lifecycle.setNamed(false);
  }

  /** The view was made for this process, or all others have confirmed that it still counts. */
  public void confirmNamed() {
    lifecycle.setNamed(true);
  }

  private boolean isNamedBy(PublishedSpaces received) {
    return received.extras().isPresent()
        ? received.extras().find(self).map(NodeExtras::incarnation).orElse(0L) == incarnation
        : isOther(received.spaces().write(), latestView().spaces().write());
  }

  public NodeAddress self() {
    return self;
  }

  public HashSpaces current() {
    return current;
  }

  /** The hash spaces and what comes with them, as they are sent to others. */
  public PublishedSpaces view() {
    return new PublishedSpaces(current, extras);
  }

  /** Records up to this ClockTime count as absent; 0 when there was no flush_all. */
  public long flushClockTime() {
    return extras.flushClockTime();
  }

  /** Before anything is offered. */
  public void dispatchTo(Dispatch everybody) {
    dispatch = everybody;
  }

  /** Takes what is newer, as heard from anybody: see {@link #offer(PublishedSpaces, Object)}. */
  public boolean offer(PublishedSpaces received) {
    return offer(received, null);
  }

  /** The same for hash spaces without extras. */
  public boolean offer(HashSpaces received) {
    return offer(new PublishedSpaces(received, ClusterExtras.NONE), null);
  }

  /** Takes {@code write} alone, as the start of a copy phase does. */
  public boolean offerWrite(HashSpace write, @Nullable Object source) {
    HashSpaces spaces = new HashSpaces(write, latestView().spaces().read());
    return offer(new PublishedSpaces(spaces, ClusterExtras.NONE), source);
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
  public boolean offer(PublishedSpaces received, @Nullable Object source) {
    if (countsVotes() || isTooNew(received)) {
      return false;
    }
    HashSpace write = received.spaces().write();
    HashSpace read = received.spaces().read();
    HashSpaces own = latestView().spaces();
    boolean takesAll = received.spaces().takeAllFrom(own);
    boolean takesWrite = !takesAll && write.supersedes(own.write());
    boolean takesRead = !takesAll && read.supersedes(own.read());
    ClusterExtras merged = merge(received.extras(), takesWrite);
    HashSpaces next =
        new HashSpaces(
            takesWrite && isOther(write, own.write()) ? write : own.write(),
            takesRead && isOther(read, own.read()) ? read : own.read());
    take(
        new PublishedSpaces(next, merged),
        takesWrite && isNamedBy(received),
        takesWrite ? source : lastSource);
    return takesWrite || takesRead;
  }

  private boolean isTooNew(PublishedSpaces received) {
    return bound != null && bound.refuses("a view", received.latestClockTime(), "those asked");
  }

  /**
   * Makes the read hash space what the write hash space is, as the start of a delete phase does.
   */
  public void readFollowsWrite() {
    if (countsVotes()) {
      return;
    }
    HashSpace write = latestView().spaces().write();
    take(
        new PublishedSpaces(new HashSpaces(write, write), latestView().extras()),
        false,
        lastSource);
  }

  // ---- views that were voted on

  /** Before anything is installed. */
  public void coordinateBy(Coordination other) {
    coordination = other;
  }

  /** Whether views count by votes, as soon as all that was taken has been installed. */
  public boolean countsVotes() {
    return !latestVoted().isNone() && latestVoted().settings().votes();
  }

  /** The installed view that was voted on; the one of no view while there is none. */
  public ClusterView voted() {
    return voted;
  }

  /** What {@link #voted} will be when all that was taken so far has been installed. */
  public ClusterView latestVoted() {
    return taken.latestVoted();
  }

  /**
   * Takes a committed view, newer than all before it.
   *
   * @param skips whether versions between this one and the one before were never seen
   */
  public void install(ClusterView view, boolean skips) {
    PublishedSpaces next = InstalledSpaces.of(view);
    boolean sameWrite = next.spaces().write().equals(latestView().spaces().write());
    boolean named = isNamedBy(next);
    lastSource = null;
    taken.add(next, view, !skips || sameWrite, named);
  }

  /** Whether the write hash space names this server active. */
  public boolean isActive() {
    return current.write().isActive(self);
  }

  /** Whether this server is the coordinator of a key with this hash, as the installed view says. */
  public boolean isCoordinator(long hash) {
    return lifecycle.may(Right.COORDINATE) && self.equals(current.write().coordinator(hash));
  }

  /** Whether this server orders the writes of a key with this hash now. */
  public boolean takesWrites(long hash) {
    return isCoordinator(hash) && coordination.covers(hash);
  }

  /**
   * Whether this server answers reads of a key with this hash, as its coordinator, while it {@link
   * #holdsLease}.
   */
  public boolean answersReads(long hash) {
    return lifecycle.may(Right.READ)
        && self.equals(current.write().coordinator(hash))
        && coordination.allows(hash);
  }

  /** Whether this server may coordinate at this moment; the same for all keys. */
  public boolean holdsLease() {
    return coordination.isHeld();
  }

  /**
   * Whether what this server has read or done as the coordinator of a key with this hash may be
   * told: to be asked when all is done, by whoever asked the above before.
   */
  public boolean mayTell(long hash) {
    return coordination.mayTell(hash);
  }

  /** The same for all keys that were read in one run of the main loop. */
  public boolean mayTellAll() {
    return coordination.mayTellAll();
  }

  /**
   * The fence: the sender has installed this very write hash space, and in it coordinates the key.
   *
   * @param right what the sender asks of this server
   */
  public boolean admits(Fence fence, Right right, long hash) {
    HashSpace write = current.write();
    return write.clockTime() == fence.whsClockTime()
        && lifecycle.may(right)
        && fence.sender().equals(write.coordinator(hash));
  }

  private ClusterExtras merge(ClusterExtras received, boolean isCurrent) {
    ClusterExtras own = latestView().extras();
    ClusterExtras base = isCurrent && !received.nodes().isEmpty() ? received : own;
    return base.withFlushesOf(own)
        .withFlushesOf(received)
        .withManagers(own.managers().newer(received.managers()));
  }

  private void take(PublishedSpaces next, boolean named, @Nullable Object source) {
    boolean writeChanges = !next.spaces().write().equals(latestView().spaces().write());
    boolean continuous = !writeChanges || (source != null && source.equals(lastSource));
    lastSource = source;
    if (next.equals(latestView())) {
      if (named) {
        afterInstall(this::confirmNamed);
      }
      return;
    }
    taken.add(next, taken.latestVoted(), continuous, named);
  }

  private void install(TakenViews.TakenView next) {
    if (next.named()) {
      confirmNamed();
    }
    current = next.view().spaces();
    extras = next.view().extras();
    voted = next.voted();
    tellLifecycle();
    guard.run("installed view", dispatch, () -> dispatch.installed(current, next.continuous()));
    for (Runnable task : next.after()) {
      guard.run("task after new hash spaces", task, task);
    }
  }

  private static boolean isOther(HashSpace received, HashSpace own) {
    return received.clockTime() != own.clockTime();
  }
}
