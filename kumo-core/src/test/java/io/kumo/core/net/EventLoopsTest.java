package io.kumo.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.protocol.Limits;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.Link;
import io.kumo.core.transport.LinkListener;
import io.netty.buffer.ByteBuf;
import io.netty.channel.SingleThreadIoEventLoop;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EventLoopsTest {

  /** Waits for more than it gets. */
  private static final class HalfWay implements LinkListener {
    private final CompletableFuture<ByteBuf> received = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    @Override
    public void opened(Link link) {}

    @Override
    public void received(ByteBuf in) {
      received.complete(in);
    }

    @Override
    public void closed(@Nullable Throwable cause) {
      closed.complete(null);
    }
  }

  @ParameterizedTest
  @EnumSource(IoKind.class)
  void aLoopThatIsToldToEndWhileItIsBusyClosesItsLinks(IoKind kind) throws Exception {
    assumeTrue(kind.isAvailable());
    EventLoops loops = new EventLoops("test", 1, kind);
    NettyTransport transport = new NettyTransport(loops, TimeSource.system());
    HalfWay link = new HalfWay();
    int port =
        transport.listen(NodeAddress.of(new byte[] {127, 0, 0, 1}, 0), () -> link).address().port();
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
      client.getOutputStream().write(1);
      ByteBuf held = link.received.get(1, TimeUnit.MINUTES);

      endWhileItIsBusy(loops, transport.eventLoop());

      link.closed.get(1, TimeUnit.MINUTES);
      assertThat(held.refCnt()).isZero();
      assertThat(client.getInputStream().read()).isNegative();
    }
  }

  /** Goes on for some turns, and tells how many were in one batch of events with the one before. */
  private static class GoingOn implements Runnable {
    private static final int ENOUGH = 1_000;

    private final NettyTransport transport;
    private final CompletableFuture<Integer> inOneBatch = new CompletableFuture<>();
    private int turns;
    private int same;
    private boolean batchEnded = true;

    GoingOn(NettyTransport transport) {
      this.transport = transport;
    }

    void next() {
      transport.atNextTurn(this);
    }

    @Override
    public void run() {
      turns++;
      same += batchEnded ? 0 : 1;
      batchEnded = false;
      transport.atBatchEnd(() -> batchEnded = true);
      if (turns < ENOUGH) {
        next();
      } else {
        inOneBatch.complete(same);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(IoKind.class)
  void whatGoesOnHasTheSocketsLookedAtBetweenAnyTwoOfItsTurns(IoKind kind) throws Exception {
    assumeTrue(kind.isAvailable());
    try (EventLoops loops = new EventLoops("test", 1, kind)) {
      NettyTransport transport = new NettyTransport(loops, TimeSource.system());
      GoingOn work = new GoingOn(transport);
      transport.execute(work);
      assertThat(work.inOneBatch.get(1, TimeUnit.MINUTES)).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(IoKind.class)
  void tasksThatGiveRiseToTasksLetALinkSpeak(IoKind kind) throws Exception {
    assumeTrue(kind.isAvailable());
    try (EventLoops loops = new EventLoops("test", 1, kind)) {
      NettyTransport transport = new NettyTransport(loops, TimeSource.system());
      GoingOn work =
          new GoingOn(transport) {
            @Override
            void next() {
              workForAFractionOfATurn();
              transport.execute(this);
            }
          };
      transport.execute(work);
      assertThat(work.inOneBatch.get(1, TimeUnit.MINUTES)).isLessThan(GoingOn.ENOUGH - 1);
    }
  }

  private static void workForAFractionOfATurn() {
    long beganNs = System.nanoTime();
    while (System.nanoTime() - beganNs < Limits.TURN_NS / 20) {
      Thread.onSpinWait();
    }
  }

  private static void endWhileItIsBusy(EventLoops loops, SingleThreadIoEventLoop loop)
      throws InterruptedException {
    CountDownLatch busy = new CountDownLatch(1);
    loop.execute(
        () -> {
          busy.countDown();
          while (!loop.isShuttingDown()) {
            Thread.onSpinWait();
          }
        });
    busy.await();
    loops.close();
  }
}
