package io.kumo.server;

import io.kumo.core.transport.Transport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * The end of a server that nothing has broken: the writes under way end, for a while, then part
 * after part is closed, whatever the one before it throws.
 */
final class OrderlyStop {
  private static final long DRAIN_STEP_NS = Duration.ofMillis(20).toNanos();
  private static final long DRAIN_LIMIT_NS = Duration.ofSeconds(3).toNanos();

  private final Transport main;
  private final IntSupplier pendingWrites;

  OrderlyStop(Transport main, IntSupplier pendingWrites) {
    this.main = main;
    this.pendingWrites = pendingWrites;
  }

  /**
   * Any thread.
   *
   * @param leave is done at once, on the loop
   * @param giveBack done when no write is under way: runs what it is given when it is done
   * @param parts to be closed when no write is under way, in this order
   * @param note the last step: runs what it is given, on the loop, when the stop has been noted
   * @return completes on the loop
   */
  CompletableFuture<Void> begin(
      Runnable leave, Consumer<Runnable> giveBack, List<Runnable> parts, Consumer<Runnable> note) {
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    main.execute(
        () -> {
          main.guard().run("stop", "manager links", leave);
          Runnable end = () -> close(parts, note, stopped);
          drain(main.time().nanoTime() + DRAIN_LIMIT_NS, () -> giveBack(giveBack, end));
        });
    return stopped;
  }

  private void giveBack(Consumer<Runnable> giveBack, Runnable end) {
    if (!main.guard().run("stop", giveBack, () -> giveBack.accept(end))) {
      end.run();
    }
  }

  private void drain(long deadlineNs, Runnable drained) {
    boolean overdue = main.time().nanoTime() - deadlineNs >= 0;
    if (pendingWrites.getAsInt() > 0 && !overdue) {
      main.schedule(DRAIN_STEP_NS, () -> drain(deadlineNs, drained));
    } else {
      drained.run();
    }
  }

  private void close(
      List<Runnable> parts, Consumer<Runnable> note, CompletableFuture<Void> stopped) {
    parts.forEach(part -> main.guard().run("stop", part, part));
    Runnable end = () -> note.accept(() -> stopped.complete(null));
    if (!main.guard().run("stop", note, end)) {
      stopped.complete(null);
    }
  }
}
