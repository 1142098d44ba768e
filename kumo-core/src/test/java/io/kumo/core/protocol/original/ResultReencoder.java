package io.kumo.core.protocol.original;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.Request;
import io.kumo.core.protocol.admin.GetNodesInfo;
import io.kumo.core.protocol.admin.NodesInfo;
import io.kumo.core.protocol.wire.FrameDecoder;
import io.kumo.core.protocol.wire.Frames;
import io.kumo.core.protocol.wire.HashSpaceCodec;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** Decodes the result that belongs to a request, where it has a form of its own, and encodes it. */
public final class ResultReencoder implements FrameDecoder.FrameHandler {
  public final ByteBuf out = Unpooled.buffer();
  private final Request request;

  public ResultReencoder(Request request) {
    this.request = request;
  }

  @Override
  public void response(int msgId, @Nullable ByteBuf error, ByteBuf result) {
    if (error == null && request instanceof Request.Known known) {
      try {
        reencode(msgId, known.message(), result);
      } catch (MalformedMessageException e) {
        throw new AssertionError(e);
      }
    }
  }

  private void reencode(int msgId, Message message, ByteBuf result)
      throws MalformedMessageException {
    if (message instanceof GetNodesInfo) {
      NodesInfo info = NodesInfo.read(result);
      Frames.responseHeader(out, msgId);
      info.write(out);
    } else if (message instanceof HashSpaceRequest) {
      PublishedSpaces view = PublishedSpaces.read(result);
      Frames.responseHeader(out, msgId);
      view.write(out);
    } else if (message instanceof WriteHashSpaceRequest
        || message instanceof ReadHashSpaceRequest) {
      Frames.responseHeader(out, msgId);
      HashSpaceCodec.write(out, HashSpaceCodec.read(result));
    } else if (message instanceof Set) {
      SetResult set = SetResult.read(result);
      Frames.responseHeader(out, msgId);
      set.write(out);
    } else if (message instanceof Delete) {
      DeleteResult delete = DeleteResult.read(result);
      Frames.responseHeader(out, msgId);
      delete.write(out);
    }
  }

  @Override
  public void request(int msgId, int methodId, ByteBuf params) {
    throw new AssertionError("a response was recorded");
  }

  @Override
  public void clusterInit(ClusterInit init) {
    throw new AssertionError("a response was recorded");
  }
}
