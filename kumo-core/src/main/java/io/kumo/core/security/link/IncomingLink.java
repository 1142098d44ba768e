package io.kumo.core.security.link;

import io.kumo.core.transport.Link;
import io.kumo.core.transport.LinkListener;
import io.kumo.core.transport.LinkProof;
import io.kumo.core.transport.Transport;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** A link that somebody has opened to this process. Confined to its loop. */
final class IncomingLink extends ShakingLink {
  private static final int TLS_RECORD = 0x16;

  private final ClusterSecurity security;
  private final UnderWay underWay;

  /** One object for as long as the link lives: it is known again by that. */
  @SuppressWarnings("UnnecessaryLambda")
  private final Runnable close = () -> giveUp("others came after it");

  private @Nullable ServerHandshake handshake;
  private boolean spoke;

  IncomingLink(
      Transport transport, ClusterSecurity security, UnderWay underWay, LinkListener inner) {
    super(transport, inner);
    this.security = security;
    this.underWay = underWay;
  }

  /** An original waits before it speaks, perhaps. */
  @Override
  boolean isTimed(Link opened) {
    return !security.originals().mayConnectFrom(opened.remoteHost());
  }

  @Override
  void begin(Link opened) {
    underWay.began(close);
  }

  @Override
  void shake(ByteBuf in) {
    spoke = true;
    if (handshake == null) {
      if (in.getUnsignedByte(in.readerIndex()) != Greeting.FIRST_BYTE) {
        speaksAnotherProtocol(in);
        return;
      }
      if (security.tls() != null && !link().proof().tls()) {
        giveUp("it shakes hands without TLS (--cluster-cert)");
        return;
      }
      handshake = security.accept(link().proof());
    }
    switch (handshake.receive(in, link().out())) {
      case MORE -> {}
      case DONE -> {
        security.refusals().accepted();
        accept(handshake.proof());
      }
      case REFUSED -> giveUp(handshake.why());
    }
  }

  private void speaksAnotherProtocol(ByteBuf in) {
    String host = link().remoteHost();
    int first = in.getUnsignedByte(in.readerIndex());
    if (security.originals().mayConnectFrom(host) && !link().proof().tls()) {
      accept(security.originals().proof());
    } else if (first == TLS_RECORD) {
      giveUp("it speaks TLS, and this process has no --cluster-cert");
    } else {
      giveUp(
          "it does not shake hands. A node or tool of kumo needs --secret-file or --cluster-cert;"
              + " to let a node of kumofs in, start this process with --allow-original "
              + host);
    }
  }

  private void accept(LinkProof proof) {
    underWay.ended(close);
    open(proof);
  }

  /** Who looks only whether the port is open is neither news nor refused. */
  @Override
  void ended(String why, boolean byOther) {
    underWay.ended(close);
    if (byOther && !spoke) {
      return;
    }
    security.refusals().refused(link().remote(), link().remoteHost(), why);
  }
}
