package io.kumo.tools;

import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.original.ClusterInit;
import io.kumo.core.protocol.original.HashSpacePush;
import io.kumo.core.protocol.wire.FrameDecoder;
import io.kumo.core.protocol.wire.Frames;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.ring.HashSpaces;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A manager or server with canned answers, on a real socket. */
public final class FakePeer implements AutoCloseable {

  /** Writes the response to {@code message}. */
  @FunctionalInterface
  public interface Answers {
    void answer(int msgId, Message message, ByteBuf out);
  }

  private final ServerSocket listener;
  private final Answers answers;
  private final List<Message> received = new CopyOnWriteArrayList<>();

  public FakePeer(Answers answers) throws IOException {
    this(0, answers);
  }

  public FakePeer(int port, Answers answers) throws IOException {
    this.answers = answers;
    listener = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(this::accept, "fake-peer");
    thread.setDaemon(true);
    thread.start();
  }

  public int port() {
    return listener.getLocalPort();
  }

  public List<Message> received() {
    return received;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        Thread thread = new Thread(() -> serveAndClose(socket), "fake-peer-connection");
        thread.setDaemon(true);
        thread.start();
      } catch (IOException e) {
        failUnlessClosed(e);
      }
    }
  }

  private void serveAndClose(Socket socket) {
    try (socket) {
      serve(socket);
    } catch (IOException | MalformedMessageException e) {
      failUnlessClosed(e);
    }
  }

  private void failUnlessClosed(Exception e) {
    if (!listener.isClosed()) {
      throw new IllegalStateException(e);
    }
  }

  private void serve(Socket socket) throws IOException, MalformedMessageException {
    ByteBuf in = Unpooled.buffer();
    FrameDecoder decoder = new FrameDecoder();
    byte[] chunk = new byte[4096];
    int count;
    while ((count = socket.getInputStream().read(chunk)) >= 0) {
      in.writeBytes(chunk, 0, count);
      decoder.decode(in, new Responder(socket));
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  private final class Responder implements FrameDecoder.FrameHandler {
    private final Socket socket;

    private Responder(Socket socket) {
      this.socket = socket;
    }

    @Override
    public void request(int msgId, int methodId, ByteBuf params) {
      try {
        Message message = Objects.requireNonNull(Method.byId(methodId)).decode(params);
        received.add(message);
        ByteBuf out = Unpooled.buffer();
        PublishedSpaces view = new PublishedSpaces(HashSpaces.EMPTY, ClusterExtras.NONE);
        // A manager pushes to every subsystem peer, perhaps just before its answer.
        Frames.request(out, msgId, new HashSpacePush(view));
        answers.answer(msgId, message, out);
        // In pieces, as a network may deliver it.
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        socket.getOutputStream().write(bytes, 0, bytes.length / 2);
        socket.getOutputStream().write(bytes, bytes.length / 2, bytes.length - bytes.length / 2);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (MalformedMessageException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void response(int msgId, @Nullable ByteBuf error, ByteBuf result) {
      throw new IllegalStateException("a tool answers nothing");
    }

    @Override
    public void clusterInit(ClusterInit init) {
      throw new IllegalStateException("a tool does not introduce itself");
    }
  }
}
