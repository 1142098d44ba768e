package io.kumo.tools;

import io.kumo.core.cli.Cli;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.protocol.ClusterInit;
import io.kumo.core.protocol.FrameDecoder;
import io.kumo.core.protocol.Frames;
import io.kumo.core.protocol.MalformedMessageException;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.MsgPack;
import io.kumo.core.protocol.ReplyError;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A subsystem connection that makes one call at a time, blocking: tools need no event loop. What
 * the other side asks meanwhile (a manager pushes its hash spaces to everyone) is skipped. Not
 * thread-safe.
 */
final class RpcClient implements AutoCloseable {

  private static final int READ_BYTES = 64 << 10;

  private final Socket socket;
  private final String name;
  private final FrameDecoder decoder = new FrameDecoder();
  private final byte[] chunk = new byte[READ_BYTES];
  private ByteBuf in = Unpooled.buffer(READ_BYTES);
  private int lastId;

  /** Turns a result into what the caller wants. */
  @FunctionalInterface
  interface ResultReader<T extends @Nullable Object> {
    /** Borrows {@code result}, one object. */
    T read(ByteBuf result) throws MalformedMessageException;
  }

  /** Collects the one reply that {@link #call} waits for. */
  private final class ReplyCatcher<T extends @Nullable Object> implements FrameDecoder.Handler {
    private final ResultReader<T> reader;
    private boolean done;
    private @Nullable T result;
    private @Nullable CliException failure;

    private ReplyCatcher(ResultReader<T> reader) {
      this.reader = reader;
    }

    @Override
    public void request(int msgId, int methodId, ByteBuf params) {}

    @Override
    public void clusterInit(ClusterInit init) {}

    @Override
    public void response(int msgId, @Nullable ByteBuf error, ByteBuf body) {
      if (msgId != lastId || done) {
        return;
      }
      done = true;
      try {
        if (error == null) {
          result = reader.read(body);
        } else {
          failure = CliException.failed(name + ": " + ReplyError.read(error).detail());
        }
      } catch (MalformedMessageException e) {
        failure = malformed(e);
      }
    }
  }

  private RpcClient(Socket socket, String name) {
    this.socket = socket;
    this.name = name;
  }

  /**
   * Throws {@link CliException} when there is no connection in time.
   *
   * @param timeout for connecting and for each answer
   */
  static RpcClient connect(InetSocketAddress address, Duration timeout) {
    String name = address.getAddress().getHostAddress() + ":" + address.getPort();
    int timeoutMs = Math.toIntExact(Math.max(1, timeout.toMillis()));
    Socket socket = new Socket();
    try {
      socket.connect(address, timeoutMs);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(timeoutMs);
      return new RpcClient(socket, name);
    } catch (IOException e) {
      throw new CliException(ExitStatus.FAILED, name + ": " + Cli.describe(e), e);
    }
  }

  /** Throws {@link CliException} with the error of the other side, or of the connection. */
  <T extends @Nullable Object> T call(Message message, ResultReader<T> reader) {
    ByteBuf out = Unpooled.buffer();
    Frames.request(out, ++lastId, message);
    ReplyCatcher<T> catcher = new ReplyCatcher<>(reader);
    try {
      out.readBytes(socket.getOutputStream(), out.readableBytes());
      while (!catcher.done) {
        read();
        decoder.decode(in, catcher);
      }
    } catch (SocketTimeoutException e) {
      throw new CliException(ExitStatus.FAILED, name + ": no answer in time", e);
    } catch (IOException e) {
      throw new CliException(ExitStatus.FAILED, name + ": " + Cli.describe(e), e);
    } catch (MalformedMessageException e) {
      throw malformed(e);
    }
    if (catcher.failure != null) {
      throw catcher.failure;
    }
    @SuppressWarnings("NullAway") // the reader decides whether there is null
    T result = catcher.result;
    return result;
  }

  /** nil, true or false: what the calls of kumoctl answer. */
  static @Nullable Boolean nilOrBool(ByteBuf result) throws MalformedMessageException {
    return MsgPack.tryReadNil(result) ? null : (Boolean) MsgPack.readBool(result);
  }

  private CliException malformed(MalformedMessageException e) {
    return new CliException(
        ExitStatus.FAILED, name + " does not speak kumo's protocol: " + e.getMessage(), e);
  }

  private void read() throws IOException {
    InputStream stream = socket.getInputStream();
    int count = stream.read(chunk);
    if (count < 0) {
      throw new EOFException("connection closed before the answer");
    }
    if (!in.isReadable()) {
      in.clear();
    }
    in.writeBytes(chunk, 0, count);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new CliException(ExitStatus.FAILED, name + ": " + Cli.describe(e), e);
    }
  }
}
