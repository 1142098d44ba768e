package io.kumo.server.view;

import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.view.ClusterView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * What was taken and is not durable yet, in order; installed one after the other as it becomes so.
 * Confined to the main loop.
 */
final class TakenViews {
  /**
   * A view that was taken.
   *
   * @param voted the committed view that it is of
   * @param continuous as in {@link ViewHolder.Dispatch#installed}
   * @param named whether it was made for this very process
   * @param after what waits until it is installed
   */
  record TakenView(
      long number,
      PublishedSpaces view,
      ClusterView voted,
      boolean continuous,
      boolean named,
      List<Runnable> after) {}

  /** More than come while a disk is slow; when it fails the last one stands for all after it. */
  private static final int MAX_TAKEN = 16;

  private final Consumer<TakenView> installer;
  private final Deque<TakenView> taken = new ArrayDeque<>();
  private ViewHolder.Persister persister = (view, durable) -> durable.run();
  private PublishedSpaces latest;
  private ClusterView latestVoted;
  private long takenSoFar;

  /**
   * Begins with what is installed.
   *
   * @param installer given each view once it is durable
   */
  TakenViews(PublishedSpaces installed, ClusterView installedVoted, Consumer<TakenView> installer) {
    this.latest = installed;
    this.latestVoted = installedVoted;
    this.installer = installer;
  }

  void persistWith(ViewHolder.Persister disk) {
    persister = disk;
  }

  /** The last that was taken, or what is installed. */
  PublishedSpaces latest() {
    return latest;
  }

  /** The committed view that {@link #latest} is of. */
  ClusterView latestVoted() {
    return latestVoted;
  }

  /** Runs the task when all that was taken so far has been installed; at once if it has been. */
  void afterInstall(Runnable task) {
    TakenView last = taken.peekLast();
    if (last == null) {
      task.run();
    } else {
      last.after().add(task);
    }
  }

  void add(PublishedSpaces next, ClusterView voted, boolean continuous, boolean named) {
    latest = next;
    latestVoted = voted;
    TakenView replaced = taken.size() < MAX_TAKEN ? null : taken.removeLast();
    boolean follows = continuous && replaced == null;
    List<Runnable> after = replaced == null ? new ArrayList<>() : replaced.after();
    TakenView newest = new TakenView(takenSoFar++, next, voted, follows, named, after);
    taken.add(newest);
    persister.persist(next, () -> installUpTo(newest.number()));
  }

  /** One that another stands for takes those before it along. */
  private void installUpTo(long number) {
    while (!taken.isEmpty() && taken.element().number() <= number) {
      installer.accept(taken.remove());
    }
  }
}
