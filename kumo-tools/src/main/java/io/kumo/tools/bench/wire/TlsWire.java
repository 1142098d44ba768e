package io.kumo.tools.bench.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;

/**
 * Bytes under TLS. The engine's signing and verifying is done by the calling thread, as a client
 * with a thread for each connection would.
 */
public final class TlsWire implements Wire {
  private static final int BUFFER_BYTES = 64 << 10;

  private final SocketChannel channel;
  private final SSLEngine engine;

  /** Records that have come; ready to be written to. */
  private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES);

  /** Records that have to go; ready to be read from. */
  private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES).limit(0);

  private TlsWire(SocketChannel channel, SSLEngine engine) {
    this.channel = channel;
    this.engine = engine;
  }

  /**
   * Shakes hands, blocking.
   *
   * @param channel connected and blocking; it is so afterwards
   * @param engine a client's, not used before
   * @param limitMs that one read of the handshake waits at most
   */
  public static TlsWire open(SocketChannel channel, SSLEngine engine, int limitMs)
      throws IOException {
    TlsWire wire = new TlsWire(channel, engine);
    channel.socket().setSoTimeout(limitMs);
    engine.beginHandshake();
    wire.shakeHands();
    return wire;
  }

  private void shakeHands() throws IOException {
    ByteBuffer nothing = ByteBuffer.allocate(0);
    ByteBuffer early = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
    while (true) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> runTasks();
        case NEED_WRAP -> write(nothing);
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          in.flip();
          Status status = unwrap(early);
          in.compact();
          if (status == Status.BUFFER_UNDERFLOW) {
            receive();
          }
        }
        case FINISHED, NOT_HANDSHAKING -> {
          write(nothing);
          return;
        }
      }
    }
  }

  /** Waits for more, up to the socket's time limit, which a read of the channel does not have. */
  private void receive() throws IOException {
    byte[] bytes = new byte[in.remaining()];
    int count = channel.socket().getInputStream().read(bytes);
    if (count < 0) {
      throw new IOException("it closed the connection in the handshake");
    }
    in.put(bytes, 0, count);
  }

  private void runTasks() {
    for (Runnable task = engine.getDelegatedTask();
        task != null;
        task = engine.getDelegatedTask()) {
      task.run();
    }
  }

  @Override
  public ByteBuffer read(ByteBuffer into) throws IOException {
    if (channel.read(in) < 0) {
      throw new ClosedChannelException();
    }
    ByteBuffer plain = into;
    in.flip();
    try {
      Status status = unwrap(plain);
      while (status != Status.BUFFER_UNDERFLOW) {
        if (status == Status.BUFFER_OVERFLOW) {
          plain = Wire.grown(plain, engine.getSession().getApplicationBufferSize());
        }
        status = unwrap(plain);
      }
      return plain;
    } finally {
      in.compact();
    }
  }

  /** Decrypts one record of {@link #in}, which is ready to be read from meanwhile. */
  private Status unwrap(ByteBuffer into) throws IOException {
    Status status = engine.unwrap(in, into).getStatus();
    if (status == Status.CLOSED) {
      throw new ClosedChannelException();
    }
    runTasks();
    return status;
  }

  @Override
  public boolean write(ByteBuffer from) throws IOException {
    while (true) {
      channel.write(out);
      if (out.hasRemaining()) {
        return false;
      }
      if (!from.hasRemaining() && engine.getHandshakeStatus() != HandshakeStatus.NEED_WRAP) {
        return true;
      }
      wrap(from);
    }
  }

  /** As many records as there is room for. */
  private void wrap(ByteBuffer from) throws IOException {
    out.clear();
    try {
      Status status;
      do {
        SSLEngineResult result = engine.wrap(from, out);
        status = result.getStatus();
        if (status == Status.CLOSED) {
          throw new ClosedChannelException();
        }
      } while (status == Status.OK && from.hasRemaining());
    } finally {
      out.flip();
    }
  }

  /** Ends the session with the connection, so that the next one shakes hands in full. */
  @Override
  public void close() throws IOException {
    engine.getSession().invalidate();
    channel.close();
  }
}
