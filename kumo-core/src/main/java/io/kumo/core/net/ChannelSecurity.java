package io.kumo.core.net;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.security.link.CertifiedPeer;
import io.kumo.core.security.link.ClusterSecurity;
import io.kumo.core.security.link.LinkTls;
import io.kumo.core.security.link.UnderWay;
import io.kumo.core.transport.LinkProof;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** Puts TLS before the links of nodes and tools, where it is wanted. Thread-safe. */
final class ChannelSecurity {
  static final ChannelSecurity NONE = new ChannelSecurity(null, null);

  private final @Nullable ClusterSecurity cluster;
  private final @Nullable LinkTls tls;

  private ChannelSecurity(@Nullable ClusterSecurity cluster, @Nullable LinkTls tls) {
    this.cluster = cluster;
    this.tls = tls;
  }

  static ChannelSecurity of(ClusterSecurity cluster) {
    return cluster.tls() == null ? NONE : new ChannelSecurity(cluster, cluster.tls());
  }

  boolean isNone() {
    return tls == null;
  }

  /** For a connection that is being made. */
  void connecting(ChannelPipeline pipeline, NodeAddress remote) {
    if (cluster == null || tls == null || cluster.originals().isAt(remote)) {
      return;
    }
    pipeline.addLast(
        tls.client().newHandler(pipeline.channel().alloc(), remote.host(), remote.port()));
    pipeline.addLast(new AfterTls(() -> {}));
  }

  /** For a connection that was accepted; one that does not shake hands is closed, and told of. */
  void accepted(ChannelPipeline pipeline, UnderWay underWay) {
    if (cluster == null || tls == null) {
      return;
    }
    Runnable close = pipeline.channel()::close;
    underWay.began(close);
    pipeline.channel().closeFuture().addListener(closed -> underWay.ended(close));
    InetSocketAddress from = (InetSocketAddress) pipeline.channel().remoteAddress();
    String host = from.getAddress().getHostAddress();
    SslHandler shaking = tls.server().newHandler(pipeline.channel().alloc());
    if (cluster.originals().mayConnectFrom(host)) {
      pipeline.addLast(new TlsOrPlain(shaking, () -> underWay.ended(close)));
      return;
    }
    ClusterSecurity counting = cluster;
    shaking
        .handshakeFuture()
        .addListener(
            done -> {
              if (!done.isSuccess() && !(done.cause() instanceof ClosedChannelException)) {
                counting.refused(
                    host + ":" + from.getPort(), host, "TLS: " + done.cause().getMessage());
              }
            });
    pipeline.addLast(shaking);
    pipeline.addLast(new AfterTls(() -> underWay.ended(close)));
  }

  /** What TLS has proved of the other end. */
  static LinkProof proofOf(ChannelPipeline pipeline) {
    SslHandler tls = pipeline.get(SslHandler.class);
    if (tls == null) {
      return LinkProof.OPEN;
    }
    try {
      return CertifiedPeer.proof(tls.engine().getSession().getPeerCertificates());
    } catch (SSLPeerUnverifiedException e) {
      throw new IllegalStateException("TLS without the certificate that it asks for", e);
    }
  }
}
