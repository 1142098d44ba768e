package io.kumo.gateway.listener;

import io.kumo.gateway.client.ClientEvent;
import io.kumo.gateway.metrics.GatewayMetric;
import io.kumo.gateway.metrics.GatewayMetrics;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands behind the TLS of one client: tells its connection when it is secured, and closes it when
 * it cannot be. Confined to its event loop.
 */
final class HandshakeWatch extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(HandshakeWatch.class);

  private final GatewayMetrics metrics;

  HandshakeWatch(GatewayMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent done) {
      boolean secured = done.isSuccess();
      metrics.add(GatewayMetric.TLS_FAILURES, secured ? 0 : 1);
      if (secured) {
        context.fireUserEventTriggered(ClientEvent.SECURED);
      } else {
        LOG.debug("client {}: {}", context.channel().remoteAddress(), String.valueOf(done.cause()));
        context.close();
      }
    } else {
      context.fireUserEventTriggered(event);
    }
  }
}
