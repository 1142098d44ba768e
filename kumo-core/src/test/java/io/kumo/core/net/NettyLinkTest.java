package io.kumo.core.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.guard.Guard;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.Link;
import io.kumo.core.transport.LinkListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NettyLinkTest {
  private final EventLoops loops = new EventLoops("test", 1, IoKind.best());
  private final NettyTransport transport = new NettyTransport(loops, TimeSource.system());

  @AfterEach
  void stop() {
    loops.close();
  }

  /** What a link says of itself. */
  private record Said(long pendingBytes, boolean open) {
    static Said by(Link link) {
      return new Said(link.pendingBytes(), link.isOpen());
    }
  }

  private static final class Quiet implements LinkListener {
    private final CompletableFuture<Said> closed = new CompletableFuture<>();
    private @Nullable Link link;

    @Override
    public void opened(Link opened) {
      link = opened;
    }

    @Override
    public void received(ByteBuf in) {}

    @Override
    public void closed(@Nullable Throwable cause) {
      if (link != null) {
        closed.complete(Said.by(link));
      }
    }
  }

  /**
   * Netty takes the outbound buffer away when the channel closes, and says that it is closed in a
   * later turn of the loop; a call made in between must not throw, or its caller never hears of it.
   */
  @Test
  void aLinkWhoseChannelHasJustClosedTakesWhatIsSentInVain() throws Exception {
    long before = Guard.ofProcess().bugs();
    NodeAddress address =
        transport.listen(NodeAddress.of(new byte[] {127, 0, 0, 1}, 0), Quiet::new).address();
    SingleThreadIoEventLoop loop = transport.eventLoop();
    Quiet listener = new Quiet();
    NettyLink link =
        NettyLink.incoming(listener, new BatchEnd(loop, Guard.ofProcess()), Guard.ofProcess());
    Channel channel =
        loops.client(loop).handler(link).connect(address.toSocketAddress()).sync().channel();

    Said said =
        loop.submit(
                () -> {
                  channel.close();
                  link.out().writeMedium(1);
                  return Said.by(link);
                })
            .get(30, TimeUnit.SECONDS);

    assertThat(said).isEqualTo(new Said(3, true));
    assertThat(listener.closed.get(30, TimeUnit.SECONDS)).isEqualTo(new Said(0, false));
    assertThat(Guard.ofProcess().bugs()).isEqualTo(before);
  }

  @Test
  void aLinkThatIsTakenOutReleasesWhatItHasReceived() {
    NettyLink link =
        NettyLink.incoming(
            new Quiet(), new BatchEnd(transport.eventLoop(), Guard.ofProcess()), Guard.ofProcess());
    EmbeddedChannel channel = new EmbeddedChannel(link);
    ByteBuf in = Unpooled.buffer().writeByte(1);
    channel.writeInbound(in);
    channel.pipeline().remove(link);
    assertThat(in.refCnt()).isZero();
    assertThat(channel.finish()).isFalse();
  }
}
