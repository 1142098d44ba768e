package io.kumo.core.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/** Has a channel become active when its TLS handshake is over. Confined to the channel's loop. */
final class AfterTls extends ChannelInboundHandlerAdapter {
  private final Runnable over;

  /**
   * @param over run when the handshake has succeeded
   */
  AfterTls(Runnable over) {
    this.over = over;
  }

  /** Not yet. */
  @Override
  public void channelActive(ChannelHandlerContext ctx) {}

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent done && done.isSuccess()) {
      over.run();
      ctx.pipeline().remove(this);
      ctx.fireChannelActive();
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }
}
