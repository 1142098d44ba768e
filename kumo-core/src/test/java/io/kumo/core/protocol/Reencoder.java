package io.kumo.core.protocol;

import io.kumo.core.protocol.original.ClusterInit;
import io.kumo.core.protocol.wire.FrameDecoder;
import io.kumo.core.protocol.wire.Frames;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decodes every message and encodes it again into one buffer. */
public final class Reencoder implements FrameDecoder.FrameHandler {
  public final ByteBuf out = Unpooled.buffer();
  final List<Request> requests = new ArrayList<>();
  int responses;
  int clusterInits;
  private final @Nullable ConnectionKind kind;

  /** With null, every method is taken to have come on the right kind of connection. */
  public Reencoder(@Nullable ConnectionKind kind) {
    this.kind = kind;
  }

  @Override
  public void request(int msgId, int methodId, ByteBuf params) {
    Method method = Method.byId(methodId);
    boolean cluster = method != null && method.allowedOn(ConnectionKind.CLUSTER);
    ConnectionKind right = cluster ? ConnectionKind.CLUSTER : ConnectionKind.SUBSYSTEM;
    Request request = Request.decode(msgId, methodId, params, kind == null ? right : kind);
    requests.add(request);
    request.encode(out);
  }

  @Override
  public void response(int msgId, @Nullable ByteBuf error, ByteBuf result) {
    responses++;
    if (error == null) {
      Frames.responseHeader(out, msgId);
      out.writeBytes(result);
      return;
    }
    reencodeError(msgId, error);
  }

  private void reencodeError(int msgId, ByteBuf error) {
    try {
      ReplyError read = ReplyError.read(error.duplicate());
      if (MsgPack.isRaw(error)) {
        Frames.errorResponse(out, msgId, read.detail().getBytes(StandardCharsets.UTF_8));
      } else {
        Frames.errorResponse(out, msgId, read.code());
      }
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void clusterInit(ClusterInit init) {
    clusterInits++;
    init.encode(out);
  }
}
