package io.kumo.core.net;

import io.kumo.core.guard.Guard;
import io.netty.channel.SingleThreadIoEventLoop;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs tasks once at the end of an event loop's iteration, that is after all sockets that were
 * ready have been read.
 *
 * <p>Flushing there gives one write per connection however many requests were read, at no delay:
 * the loop would not have got to the kernel earlier anyway. Confined to its loop.
 */
final class BatchEnd {
  private final SingleThreadIoEventLoop loop;
  private final Guard guard;
  private final Runnable drain = this::drain;
  private List<Runnable> tasks = new ArrayList<>();
  private List<Runnable> draining = new ArrayList<>();
  private boolean scheduled;

  BatchEnd(SingleThreadIoEventLoop loop, Guard guard) {
    this.loop = loop;
    this.guard = guard;
  }

  void add(Runnable task) {
    tasks.add(task);
    if (!scheduled) {
      scheduled = true;
      loop.executeAfterEventLoopIteration(drain);
    }
  }

  /** Tasks that ask for more work are run in the same pass: they belong to the same batch. */
  private void drain() {
    while (!tasks.isEmpty()) {
      List<Runnable> batch = tasks;
      tasks = draining;
      draining = batch;
      for (int i = 0; i < batch.size(); i++) {
        Runnable task = batch.get(i);
        guard.run("end of a batch", task, task);
      }
      batch.clear();
    }
    scheduled = false;
  }
}
