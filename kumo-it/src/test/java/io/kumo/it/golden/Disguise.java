package io.kumo.it.golden;

import io.kumo.core.protocol.original.ClusterInit;
import io.kumo.core.protocol.wire.FrameDecoder;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.ForwardingTransport;
import io.kumo.core.transport.Link;
import io.kumo.core.transport.LinkListener;
import io.kumo.core.transport.Listening;
import io.kumo.core.transport.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Has nodes that are in disguise look like kumofs 0.4.13, and everybody like that to them: of an
 * introduction from or to one of them only what the original says arrives. So all speak to it, and
 * it to all, as with originals. What arrives is noted.
 */
final class Disguise extends ForwardingTransport {
  private final Transport real;
  private final NodeAddress self;
  private final Set<NodeAddress> disguised;
  private final IntConsumer asked;

  /**
   * @param disguised those who are at the moment; may change
   * @param asked given the id of each method that this node is asked for
   */
  Disguise(Transport real, NodeAddress self, Set<NodeAddress> disguised, IntConsumer asked) {
    super(real);
    this.real = real;
    this.self = self;
    this.disguised = disguised;
    this.asked = asked;
  }

  private final class Listener implements LinkListener, FrameDecoder.FrameHandler {
    private final LinkListener listener;
    private final FrameDecoder decoder = new FrameDecoder();
    private @Nullable ClusterInit init;
    private boolean introduced;

    Listener(LinkListener listener) {
      this.listener = listener;
    }

    @Override
    public void opened(Link link) {
      listener.opened(link);
    }

    @Override
    public void connectFailed(Throwable cause) {
      listener.connectFailed(cause);
    }

    @Override
    public void received(ByteBuf in) {
      if (!introduced) {
        introduce(in);
        introduced = true;
      }
      ByteBuf copy = in.copy();
      try {
        int before = in.readerIndex();
        listener.received(in);
        decode(copy.writerIndex(in.readerIndex() - before));
      } finally {
        copy.release();
      }
    }

    /** What comes first is an introduction, or somebody who makes none. */
    private void introduce(ByteBuf in) {
      if (in.getUnsignedByte(in.readerIndex() + 1) != ClusterInit.TYPE) {
        return;
      }
      decode(in.duplicate());
      ClusterInit said = init;
      if (said != null && (disguised.contains(self) || disguised.contains(said.address()))) {
        in.skipBytes(length(said));
        ByteBuf plain = Unpooled.buffer();
        new ClusterInit(said.address(), said.role(), 0, 0).encode(plain);
        listener.received(plain);
      }
    }

    private static int length(ClusterInit init) {
      ByteBuf encoded = Unpooled.buffer();
      init.encode(encoded);
      return encoded.readableBytes();
    }

    private void decode(ByteBuf whole) {
      try {
        decoder.decode(whole, this);
      } catch (MalformedMessageException e) {
        throw new IllegalStateException(e);
      }
    }

    /** An introduction alone is looked at before it is passed on. */
    @Override
    public boolean takesMore(ByteBuf in) {
      return introduced || init == null;
    }

    @Override
    public void request(int msgId, int methodId, ByteBuf params) {
      asked.accept(methodId);
    }

    @Override
    public void response(int msgId, @Nullable ByteBuf error, ByteBuf result) {}

    @Override
    public void clusterInit(ClusterInit said) {
      init = said;
    }

    @Override
    public void writable(boolean writable) {
      listener.writable(writable);
    }

    @Override
    public void closed(@Nullable Throwable cause) {
      listener.closed(cause);
    }
  }

  @Override
  public void connect(NodeAddress remote, long timeoutNs, LinkListener listener) {
    real.connect(remote, timeoutNs, new Listener(listener));
  }

  @Override
  public Listening listen(NodeAddress local, Supplier<LinkListener> listeners) throws IOException {
    return real.listen(local, () -> new Listener(listeners.get()));
  }
}
