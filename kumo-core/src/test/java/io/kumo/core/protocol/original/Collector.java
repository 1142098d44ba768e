package io.kumo.core.protocol.original;

import io.kumo.core.protocol.wire.FrameDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** Keeps the last message of each kind. */
public final class Collector implements FrameDecoder.FrameHandler {
  public int count;
  public ByteBuf params = Unpooled.EMPTY_BUFFER;
  public ByteBuf error = Unpooled.EMPTY_BUFFER;
  public @Nullable ClusterInit init;

  @Override
  public void request(int msgId, int methodId, ByteBuf in) {
    count++;
    params = in.slice();
  }

  @Override
  public void response(int msgId, @Nullable ByteBuf in, ByteBuf result) {
    count++;
    error = in == null ? Unpooled.EMPTY_BUFFER : in.slice();
  }

  @Override
  public void clusterInit(ClusterInit in) {
    count++;
    init = in;
  }
}
