package io.kumo.gateway.listener;

import io.kumo.core.protocol.Limits;
import io.kumo.gateway.metrics.GatewayMetric;
import io.kumo.gateway.metrics.GatewayMetrics;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.util.function.Consumer;

/**
 * Has each connection read once in a turn of its loop: as much as Netty guesses that it has, until
 * all together have read what a turn may take, and little from then on. Hundreds of uploads at once
 * make turns longer by what they cost at least, and small requests among them wait no longer.
 *
 * <p>Confined to its event loop once it is bound; made before.
 */
final class FairReads implements RecvByteBufAllocator {
  private final RecvByteBufAllocator sizes =
      new AdaptiveRecvByteBufAllocator().maxMessagesPerRead(1);
  private final Consumer<Runnable> atBatchEnd;
  private final GatewayMetrics metrics;
  private final Runnable newTurn = this::newTurn;
  private int left = Limits.TURN_INPUT_BYTES;

  /**
   * @param atBatchEnd runs a task at the end of the turn
   */
  FairReads(Consumer<Runnable> atBatchEnd, GatewayMetrics metrics) {
    this.atBatchEnd = atBatchEnd;
    this.metrics = metrics;
  }

  private void newTurn() {
    metrics.add(GatewayMetric.CUT_INPUT_TURNS, left == 0 ? 1 : 0);
    left = Limits.TURN_INPUT_BYTES;
  }

  private void count(int bytes) {
    if (left == Limits.TURN_INPUT_BYTES) {
      atBatchEnd.accept(newTurn);
    }
    left = Math.max(0, left - Math.max(1, bytes));
  }

  @Override
  public ExtendedHandle newHandle() {
    return new FairHandle((ExtendedHandle) sizes.newHandle());
  }

  /** Of one connection. */
  private final class FairHandle extends DelegatingHandle implements ExtendedHandle {
    private final ExtendedHandle guesses;

    FairHandle(ExtendedHandle guesses) {
      super(guesses);
      this.guesses = guesses;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
      return allocator.ioBuffer(guess());
    }

    @Override
    public int guess() {
      return Math.min(guesses.guess(), Math.max(Limits.LEAST_INPUT_BYTES, left));
    }

    @Override
    public void lastBytesRead(int bytes) {
      super.lastBytesRead(bytes);
      if (bytes > 0) {
        count(bytes);
      }
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
      return guesses.continueReading(maybeMore);
    }
  }
}
