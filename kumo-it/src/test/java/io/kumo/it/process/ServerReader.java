package io.kumo.it.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.kumo.core.item.Item;
import io.kumo.core.item.RawKey;
import io.kumo.core.protocol.original.ClusterInit;
import io.kumo.core.protocol.original.Get;
import io.kumo.core.protocol.wire.FrameDecoder;
import io.kumo.core.protocol.wire.Frames;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/** Reads records from one server directly, past the gateway. */
final class ServerReader implements AutoCloseable, FrameDecoder.FrameHandler {
  private final Socket socket;
  private final FrameDecoder decoder = new FrameDecoder();
  private final ByteBuf in = Unpooled.buffer();
  private int lastId;
  private boolean answered;
  private @Nullable String value;
  private @Nullable String failure;

  ServerReader(String address) throws IOException {
    int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(30_000);
  }

  /** The user's bytes of a record; null when the server has none or a tombstone. */
  @Nullable String get(String key) throws IOException, MalformedMessageException {
    ByteBuf out = Unpooled.buffer();
    Frames.request(out, ++lastId, new Get(rawKey(key)));
    answered = false;
    failure = null;
    socket.getOutputStream().write(out.array(), 0, out.readableBytes());
    byte[] chunk = new byte[8192];
    while (!answered) {
      int read = socket.getInputStream().read(chunk);
      if (read < 0) {
        throw new EOFException();
      }
      in.writeBytes(chunk, 0, read);
      decoder.decode(in, this);
    }
    if (failure != null) {
      throw new IOException(failure);
    }
    return value;
  }

  private static ByteBuf rawKey(String key) {
    return RawKey.encode(
        new UnpooledByteBufAllocator(false), Unpooled.copiedBuffer(key, ISO_8859_1));
  }

  @Override
  public void request(int msgId, int methodId, ByteBuf params) {}

  @Override
  public void clusterInit(ClusterInit init) {}

  @Override
  public void response(int msgId, @Nullable ByteBuf error, ByteBuf result) {
    answered = true;
    try {
      if (error != null) {
        failure = "error " + MsgPack.readUnsigned(error);
      } else {
        value = MsgPack.tryReadNil(result) ? null : data(MsgPack.readRaw(result));
      }
    } catch (MalformedMessageException e) {
      failure = e.getMessage();
    }
  }

  private static @Nullable String data(ByteBuf raw) {
    if (Item.isTombstone(raw)) {
      return null;
    }
    return raw.slice(Item.dataOffset(raw), raw.readableBytes() - Item.dataOffset(raw))
        .toString(ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
