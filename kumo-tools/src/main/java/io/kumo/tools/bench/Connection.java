package io.kumo.tools.bench;

import io.kumo.tools.bench.codec.BenchRequest;
import io.kumo.tools.bench.codec.Codec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** One connection and the requests under way on it, oldest first. Confined to one thread. */
final class Connection {

  private static final int BUFFER_BYTES = 64 << 10;
  private static final int MAX_BUFFER_BYTES = 64 << 20;

  private final SocketChannel channel;
  private final BenchRequest[] ring;
  private int head;
  private int underWay;
  private ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private SelectionKey key;

  /** At a fixed rate: when the next request of this connection is due, and how many are overdue. */
  long nextDueNs;

  int overdue;

  /** Connects, blocking, then never blocks again. */
  Connection(InetSocketAddress address, int inFlight, int maxKeys, Selector selector)
      throws IOException {
    ring = new BenchRequest[inFlight];
    for (int i = 0; i < inFlight; i++) {
      ring[i] = new BenchRequest(maxKeys);
    }
    channel = SocketChannel.open(address);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    key = channel.register(selector, SelectionKey.OP_READ, this);
  }

  int underWay() {
    return underWay;
  }

  boolean hasRoom() {
    return underWay < ring.length;
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  /** The request object to fill in and hand to {@link #add}. */
  BenchRequest free() {
    return ring[(head + underWay) % ring.length];
  }

  /** Encodes what {@link #free} gave; it goes out with the next {@link #flush}. */
  void add(Codec codec) {
    BenchRequest request = free();
    int size = codec.sizeOf(request);
    if (out.remaining() < size) {
      out = grown(out, size);
    }
    codec.write(out, request);
    underWay++;
  }

  BenchRequest oldest() {
    return ring[head];
  }

  void removeOldest() {
    head = (head + 1) % ring.length;
    underWay--;
  }

  /**
   * Reads once; the buffer to parse, at its first unread byte. {@link #doneReading} must follow.
   */
  ByteBuffer read() throws IOException {
    if (channel.read(in) < 0) {
      throw new ClosedChannelException();
    }
    return in.flip();
  }

  void doneReading() {
    if (in.hasRemaining()) {
      in.compact();
      if (!in.hasRemaining()) {
        in = grown(in, in.capacity());
      }
    } else {
      in.clear();
    }
  }

  void flush() throws IOException {
    if (out.position() == 0) {
      return;
    }
    out.flip();
    channel.write(out);
    boolean all = !out.hasRemaining();
    out.compact();
    int interest = all ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE;
    if (key.interestOps() != interest) {
      key.interestOps(interest);
    }
  }

  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static ByteBuffer grown(ByteBuffer buffer, int moreBytes) {
    long wanted = Math.max(2L * buffer.capacity(), (long) buffer.position() + moreBytes);
    if (wanted > MAX_BUFFER_BYTES) {
      throw new IllegalStateException("more than " + MAX_BUFFER_BYTES + " bytes under way");
    }
    return ByteBuffer.allocateDirect((int) wanted).put(buffer.flip());
  }
}
