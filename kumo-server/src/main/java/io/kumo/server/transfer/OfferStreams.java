package io.kumo.server.transfer;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.Link;
import io.kumo.core.transport.LinkListener;
import io.kumo.core.transport.Listening;
import io.kumo.core.transport.Transport;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stream port: servers to which something was offered connect here, say who they are in the
 * first {@link #INIT_BYTES} bytes, and fetch it. Confined to the stream loop, except {@link
 * #listen}.
 */
public final class OfferStreams {
  /** One byte length of the address, the address, zeros. */
  static final int INIT_BYTES = 23;

  private static final Logger log = LoggerFactory.getLogger(OfferStreams.class);

  private final Transport transport;
  private final Map<NodeAddress, OutgoingStream> offers = new HashMap<>();
  private @Nullable Listening listening;

  public OfferStreams(Transport transport) {
    this.transport = transport;
  }

  /**
   * Opens the port. Any thread.
   *
   * @throws IOException if it cannot be bound; the message says which and why
   */
  public void listen(NodeAddress local) throws IOException {
    listening = transport.listen(local, Fetcher::new);
  }

  public void close() {
    if (listening != null) {
      listening.close();
    }
    offers.values().forEach(OutgoingStream::close);
    offers.clear();
  }

  /** From now on the target of the stream may fetch it. */
  void offer(OutgoingStream stream) {
    offers.put(stream.target(), stream);
  }

  void withdraw(OutgoingStream stream) {
    offers.remove(stream.target(), stream);
  }

  /** What a receiver sends first. */
  static void writeInit(ByteBuf out, NodeAddress self) {
    out.writeByte(self.length());
    out.writeBytes(self.toBytes());
    out.writeZero(INIT_BYTES - 1 - self.length());
  }

  /** The connection of a receiver. */
  private final class Fetcher implements LinkListener {
    private @Nullable Link link;
    private @Nullable OutgoingStream stream;

    @Override
    public void opened(Link opened) {
      link = opened;
    }

    @Override
    public void received(ByteBuf in) {
      if (stream != null) {
        stream.received(in, transport.time().nanoTime());
      } else if (in.readableBytes() >= INIT_BYTES) {
        introduce(in);
      }
    }

    private void introduce(ByteBuf in) {
      int length = in.readUnsignedByte();
      boolean known = NodeAddress.isLength(length);
      byte[] address = new byte[known ? length : 0];
      in.readBytes(address).skipBytes(INIT_BYTES - 1 - address.length);
      OutgoingStream offered = known ? take(address) : null;
      if (link == null || offered == null || offered.isOver()) {
        log.info("nothing is offered to whoever connected to the stream port");
        closeLink();
        return;
      }
      stream = offered;
      offered.connected(link, transport.time().nanoTime());
    }

    /** What is offered to a node is not given to another that says it is that one. */
    private @Nullable OutgoingStream take(byte[] address) {
      NodeAddress target = NodeAddress.fromBytes(address);
      boolean proved = link != null && link.proof().mayBeNodeAt(target, link.remoteHost());
      return proved ? offers.remove(target) : null;
    }

    private void closeLink() {
      if (link != null) {
        link.close();
      }
    }

    @Override
    public void closed(@Nullable Throwable cause) {
      if (stream != null) {
        stream.fail(cause == null ? "it closed the connection" : String.valueOf(cause));
      }
    }
  }
}
