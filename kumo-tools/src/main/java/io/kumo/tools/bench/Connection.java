package io.kumo.tools.bench;

import io.kumo.tools.bench.codec.BenchRequest;
import io.kumo.tools.bench.codec.Codec;
import io.kumo.tools.bench.wire.BenchTarget;
import io.kumo.tools.bench.wire.Wire;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** One connection and the requests under way on it, oldest first. Confined to one thread. */
final class Connection {

  private static final int BUFFER_BYTES = 64 << 10;

  private final SocketChannel channel;
  private final Wire wire;
  private final BenchRequest[] ring;
  private int head;
  private int underWay;
  private ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private SelectionKey key;

  /** At a fixed rate: when the next request of this connection is due, and how many are overdue. */
  long nextDueNs;

  int overdue;

  /** Connects, and shakes hands if the target speaks TLS, blocking; then never blocks again. */
  Connection(BenchTarget target, int inFlight, int maxKeys, Selector selector) throws IOException {
    ring = new BenchRequest[inFlight];
    for (int i = 0; i < inFlight; i++) {
      ring[i] = new BenchRequest(maxKeys);
    }
    channel = SocketChannel.open(target.address());
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      wire = target.wire(channel);
      channel.configureBlocking(false);
      key = channel.register(selector, SelectionKey.OP_READ, this);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
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
      out = Wire.grown(out, size);
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

  /** Reads; the buffer to parse, at its first unread byte. {@link #doneReading} must follow. */
  ByteBuffer read() throws IOException {
    in = wire.read(in);
    return in.flip();
  }

  void doneReading() {
    if (in.hasRemaining()) {
      in.compact();
      if (!in.hasRemaining()) {
        in = Wire.grown(in, in.capacity());
      }
    } else {
      in.clear();
    }
  }

  void flush() throws IOException {
    if (out.position() == 0 && key.interestOps() == SelectionKey.OP_READ) {
      return;
    }
    out.flip();
    boolean all = wire.write(out);
    out.compact();
    int interest = all ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE;
    if (key.interestOps() != interest) {
      key.interestOps(interest);
    }
  }

  void close() {
    try {
      wire.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
