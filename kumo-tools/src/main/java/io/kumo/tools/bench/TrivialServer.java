package io.kumo.tools.bench;

import io.kumo.core.guard.Guard;
import io.kumo.tools.bench.codec.KeySpace;
import io.kumo.tools.bench.codec.Lines;
import io.kumo.tools.bench.codec.Values;
import io.kumo.tools.bench.workload.LoadSpec;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * Answers the text protocol with the right values and stores nothing: what a generator reaches
 * against it is the generator's own limit. One thread, on a free loopback port.
 */
final class TrivialServer implements Closeable {

  private static final int BUFFER_BYTES = 1 << 20;
  private static final byte[] VALUE = Lines.ascii("VALUE ");
  private static final byte[] NO_FLAGS = Lines.ascii(" 0 ");
  private static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] END = Lines.ascii("END\r\n");
  private static final byte[] STORED = Lines.ascii("STORED\r\n");
  private static final byte[] DELETED = Lines.ascii("DELETED\r\n");
  private static final byte[] ONE = Lines.ascii("1\r\n");

  private final KeySpace keys;
  private final Values values;
  private final int valueBytes;
  private final ServerSocketChannel listener;
  private final Selector selector = Selector.open();
  private final Thread thread = Guard.ofProcess().thread("trivial-server", this::serve);

  /** The buffers of one connection. */
  private record Buffers(ByteBuffer in, ByteBuffer out) {}

  TrivialServer(LoadSpec spec) throws IOException {
    keys = spec.keySpace();
    valueBytes = spec.valueSizes().mostBytes();
    values = new Values(valueBytes);
    listener = ServerSocketChannel.open();
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    listener.configureBlocking(false);
    listener.register(selector, SelectionKey.OP_ACCEPT);
    thread.setDaemon(true);
    thread.start();
  }

  InetSocketAddress address() {
    try {
      return (InetSocketAddress) listener.getLocalAddress();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    selector.close();
  }

  private void serve() {
    try {
      while (selector.isOpen()) {
        selector.select(this::ready);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void ready(SelectionKey key) {
    try {
      if (key.isAcceptable()) {
        SocketChannel channel = listener.accept();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES);
        ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
        channel.register(selector, SelectionKey.OP_READ, new Buffers(in, out));
      } else {
        readable((SocketChannel) key.channel(), (Buffers) key.attachment());
      }
    } catch (IOException e) {
      key.cancel();
    }
  }

  private void readable(SocketChannel channel, Buffers buffers) throws IOException {
    ByteBuffer in = buffers.in();
    if (channel.read(in) < 0) {
      channel.close();
      return;
    }
    in.flip();
    while (answer(in, buffers.out())) {
      if (buffers.out().remaining() < BUFFER_BYTES / 2) {
        flush(channel, buffers.out());
      }
    }
    in.compact();
    flush(channel, buffers.out());
  }

  private static void flush(SocketChannel channel, ByteBuffer out) throws IOException {
    out.flip();
    while (out.hasRemaining()) {
      channel.write(out);
    }
    out.clear();
  }

  /** False when the next request is not all there. */
  private boolean answer(ByteBuffer in, ByteBuffer out) {
    int start = in.position();
    int end = Lines.end(in, start);
    if (end < 0) {
      return false;
    }
    int next = end + 2;
    switch (in.get(start)) {
      case 'g' -> answerGet(in, start, end, out);
      case 's' -> {
        int digits = end;
        while (in.get(digits - 1) != ' ') {
          digits--;
        }
        next += Lines.number(in, digits, end) + 2;
        if (in.limit() < next) {
          return false;
        }
        out.put(STORED);
      }
      case 'd' -> out.put(DELETED);
      default -> out.put(ONE);
    }
    in.position(next);
    return true;
  }

  private void answerGet(ByteBuffer in, int start, int end, ByteBuffer out) {
    int from = Lines.blank(in, start, end) + 1;
    while (from < end) {
      int to = Lines.blank(in, from, end);
      long index = keys.read(in, from, to - from);
      if (index >= 0) {
        out.put(VALUE);
        keys.write(out, index, false);
        out.put(NO_FLAGS);
        Lines.putNumber(out, valueBytes);
        out.put(CRLF);
        values.write(out, index, valueBytes);
        out.put(CRLF);
      }
      from = to + 1;
    }
    out.put(END);
  }
}
