package io.kumo.tools;

import io.kumo.core.cli.AddressConverter;
import io.kumo.core.cli.Cli;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.listen.ListenAddress;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.ReplyError;
import io.kumo.core.protocol.admin.GetNodesInfo;
import io.kumo.core.protocol.admin.GetStatus;
import io.kumo.core.protocol.admin.StatusField;
import io.kumo.core.protocol.original.ClusterInit;
import io.kumo.core.protocol.wire.FrameDecoder;
import io.kumo.core.protocol.wire.Frames;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.security.link.BlockingHandshake;
import io.kumo.core.security.link.ClusterSecurity;
import io.kumo.core.security.link.LinkRole;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/**
 * A subsystem connection that makes one call at a time, blocking: tools need no event loop. What
 * the other side asks meanwhile (a manager pushes its hash spaces to everyone) is skipped. Not
 * thread-safe.
 */
public final class RpcClient implements AutoCloseable {

  private static final int READ_BYTES = 64 << 10;
  private static final Set<Method> ASKED_OF_SERVERS =
      Set.of(
          Method.GET_STATUS,
          Method.SET_CONFIG,
          Method.COMPACT_STORE,
          Method.GET_STORE_USAGE,
          Method.GET_REQUEST_WATCH,
          Method.GET_SERVER_STATISTICS);

  private final Socket socket;
  private final InetSocketAddress address;
  private final String name;
  private final String hint;
  private final FrameDecoder decoder = new FrameDecoder();
  private final byte[] chunk = new byte[READ_BYTES];
  private ByteBuf in = Unpooled.buffer(READ_BYTES);
  private int lastId;

  /** Turns a result into what the caller wants. */
  @FunctionalInterface
  public interface ResultReader<T extends @Nullable Object> {
    /** Borrows {@code result}, one object. */
    T read(ByteBuf result) throws MalformedMessageException;
  }

  /** Collects the one reply that {@link #call} waits for. */
  private final class ReplyCatcher<T extends @Nullable Object>
      implements FrameDecoder.FrameHandler {
    private final ResultReader<T> reader;
    private boolean done;
    private @Nullable T result;
    private @Nullable ReplyError error;
    private @Nullable CliException failure;

    private ReplyCatcher(ResultReader<T> reader) {
      this.reader = reader;
    }

    private T result() {
      if (failure != null) {
        throw failure;
      }
      @SuppressWarnings("NullAway") // the reader decides whether there is null
      T read = result;
      return read;
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
          this.error = ReplyError.read(error);
        }
      } catch (MalformedMessageException e) {
        failure = malformed(e);
      }
    }
  }

  private RpcClient(Socket socket, InetSocketAddress address, String name, boolean open) {
    this.hint = open ? "; does it want --secret-file or --cluster-cert?" : "";
    this.socket = socket;
    this.address = address;
    this.name = name;
  }

  /**
   * Throws {@link CliException} when there is no connection in time.
   *
   * @param known where a node was once; a host that was given by name is looked up again
   * @param timeout for connecting and for each answer
   */
  public static RpcClient connect(InetSocketAddress known, Duration timeout) {
    return connect(known, timeout, ClusterSecurity.open(LinkRole.TOOL));
  }

  /** The same, where either end proves that it belongs to the cluster. */
  static RpcClient connect(InetSocketAddress known, Duration timeout, ClusterSecurity security) {
    InetSocketAddress address = lookUpAgain(known);
    String name = NodeAddress.of(address).toString();
    int timeoutMs = Math.toIntExact(Math.max(1, timeout.toMillis()));
    Socket socket = new Socket();
    try {
      socket.connect(address, timeoutMs);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(timeoutMs);
      return new RpcClient(
          BlockingHandshake.over(security, socket), address, name, security.isOpen());
    } catch (IOException e) {
      throw new CliException(ExitStatus.FAILED, name + ": " + Cli.describe(e), e);
    }
  }

  private static InetSocketAddress lookUpAgain(InetSocketAddress known) {
    try {
      return AddressConverter.parse(ListenAddress.text(known), known.getPort());
    } catch (TypeConversionException e) {
      throw new CliException(ExitStatus.FAILED, e.getMessage(), e);
    }
  }

  /** Throws {@link CliException} with the error of the other side, or of the connection. */
  public <T extends @Nullable Object> T call(Message message, ResultReader<T> reader) {
    ReplyCatcher<T> catcher = exchange(message, reader);
    if (catcher.error != null) {
      boolean unknown = catcher.error.code() == ErrorCode.PROTOCOL;
      String why = unknown ? whoDoesNotKnow(message.method()) : catcher.error.detail();
      throw CliException.failed(name + ": " + why);
    }
    return catcher.result();
  }

  /**
   * The same, where the other side may be one that does not know the method.
   *
   * @return what {@code whenUnknown} gives when the method is not known there
   */
  public <T extends @Nullable Object> T callIfKnown(
      Message message, ResultReader<T> reader, Supplier<T> whenUnknown) {
    ReplyCatcher<T> catcher = exchange(message, reader);
    if (catcher.error != null && catcher.error.code() == ErrorCode.PROTOCOL) {
      return whenUnknown.get();
    }
    if (catcher.error != null) {
      throw CliException.failed(name + ": " + catcher.error.detail());
    }
    return catcher.result();
  }

  /** A server does not know what managers are asked, and the other way round. */
  private String whoDoesNotKnow(Method method) {
    boolean ofServers = ASKED_OF_SERVERS.contains(method);
    String question = method.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    if (knows(new GetNodesInfo())) {
      return ofServers
          ? "a manager answers there; name a server"
          : "the manager there does not know " + question + ", as those of kumofs 0.4.13";
    }
    if (knows(new GetStatus(StatusField.PID.id()))) {
      return ofServers
          ? "the server there does not know " + question + ", as those of kumofs 0.4.13"
          : "a server answers there; name a manager";
    }
    return "what answers there does not know " + question;
  }

  private boolean knows(Message question) {
    return exchange(question, result -> result).error == null;
  }

  private <T extends @Nullable Object> ReplyCatcher<T> exchange(
      Message message, ResultReader<T> reader) {
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
      throw new CliException(
          ExitStatus.FAILED, name + ": no answer in time" + UnknownPeer.describe(address), e);
    } catch (IOException e) {
      throw new CliException(
          ExitStatus.FAILED, name + ": " + Cli.describe(e) + UnknownPeer.describe(address), e);
    } catch (MalformedMessageException e) {
      throw malformed(e);
    }
    return catcher;
  }

  /** nil, true or false: what the calls of kumoctl answer. */
  public static @Nullable Boolean nilOrBool(ByteBuf result) throws MalformedMessageException {
    return MsgPack.tryReadNil(result) ? null : (Boolean) MsgPack.readBool(result);
  }

  private CliException malformed(MalformedMessageException e) {
    return new CliException(
        ExitStatus.FAILED,
        name + " does not speak kumo's protocol: " + e.getMessage() + UnknownPeer.describe(address),
        e);
  }

  private void read() throws IOException {
    InputStream stream = socket.getInputStream();
    int count = stream.read(chunk);
    if (count < 0) {
      throw new EOFException("connection closed before the answer" + hint);
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
