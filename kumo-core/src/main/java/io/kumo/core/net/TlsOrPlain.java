package io.kumo.core.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import java.util.List;

/**
 * Of a host from which originals may connect: TLS when the first byte is TLS's, else none. The
 * channel becomes active when that is known. Confined to the channel's loop.
 */
final class TlsOrPlain extends ByteToMessageDecoder {
  private static final int TLS_RECORD = 0x16;

  private final SslHandler tls;
  private final Runnable over;

  /**
   * @param over run when it is known who the other end is
   */
  TlsOrPlain(SslHandler tls, Runnable over) {
    this.tls = tls;
    this.over = over;
  }

  /** Not yet. */
  @Override
  public void channelActive(ChannelHandlerContext ctx) {}

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (!in.isReadable()) {
      return;
    }
    boolean encrypted = in.getUnsignedByte(in.readerIndex()) == TLS_RECORD;
    if (encrypted) {
      ctx.pipeline().addAfter(ctx.name(), null, new AfterTls(over));
      ctx.pipeline().addAfter(ctx.name(), null, tls);
    } else {
      over.run();
      ctx.fireChannelActive();
    }
    ctx.pipeline().remove(this);
  }
}
