package io.kumo.core.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** Keeps the last message of each kind. */
final class Collector implements FrameDecoder.Handler {
  int count;
  ByteBuf params = Unpooled.EMPTY_BUFFER;
  ByteBuf error = Unpooled.EMPTY_BUFFER;
  @Nullable ClusterInit init;

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
