package io.kumo.it.overload;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Many connections that each send something and then leave it at that, served by a thread of their
 * own. A connection that is refused or closed by the other end stays so.
 */
public final class Crowd implements AutoCloseable {
  private static final int SELECT_MS = 50;

  /** What the members do with what they are sent. */
  public enum Reading {
    NOTHING,
    EVERYTHING
  }

  private final List<SocketChannel> members = new ArrayList<>();
  private final Selector selector;
  private final Thread thread;
  private final Reading reading;
  private final ByteBuffer discarded = ByteBuffer.allocateDirect(1 << 20);
  private volatile boolean stopped;

  /**
   * Connects all of them, and begins to send.
   *
   * @param head what a member sends first, by its number
   * @param body what all members send then; shared, since there are many
   */
  public Crowd(
      InetSocketAddress target, int size, Reading reading, IntFunction<String> head, String body)
      throws IOException {
    ByteBuffer shared = direct(body);
    this.reading = reading;
    this.selector = Selector.open();
    for (int i = 0; i < size; i++) {
      SocketChannel member = SocketChannel.open(target);
      members.add(member);
      member.configureBlocking(false);
      ByteBuffer first = ByteBuffer.wrap(head.apply(i).getBytes(ISO_8859_1));
      ByteBuffer[] bytes = {first, shared.duplicate()};
      member.register(selector, interest(bytes), bytes);
    }
    this.thread = new Thread(this::run, "crowd");
    thread.setDaemon(true);
    thread.start();
  }

  /** What is sent from the heap is copied before, as a whole, however little of it is taken. */
  private static ByteBuffer direct(String text) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  private int interest(ByteBuffer[] unsent) {
    int write = unsent[0].hasRemaining() || unsent[1].hasRemaining() ? SelectionKey.OP_WRITE : 0;
    return write | (reading == Reading.EVERYTHING ? SelectionKey.OP_READ : 0);
  }

  private void run() {
    try {
      while (!stopped) {
        selector.select(SELECT_MS);
        for (SelectionKey key : selector.selectedKeys()) {
          serve(key);
        }
        selector.selectedKeys().clear();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void serve(SelectionKey key) {
    SocketChannel member = (SocketChannel) key.channel();
    ByteBuffer[] unsent = (ByteBuffer[]) key.attachment();
    try {
      if (key.isWritable()) {
        member.write(unsent);
      }
      discarded.clear();
      boolean ended = key.isReadable() && member.read(discarded) < 0;
      key.interestOps(ended ? 0 : interest(unsent));
    } catch (IOException e) {
      // The other end has closed it, which is its right.
      key.cancel();
    }
  }

  /** Closes all connections. */
  @Override
  public void close() throws IOException {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (SocketChannel member : members) {
      member.close();
    }
    selector.close();
  }
}
