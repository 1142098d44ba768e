package io.kumo.core.security.link;

import io.kumo.core.transport.Link;
import io.kumo.core.transport.LinkListener;
import io.kumo.core.transport.Transport;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A link that this process has opened. Confined to its loop. */
final class OutgoingLink extends ShakingLink {
  private final ClusterSecurity security;
  private @Nullable ClientHandshake handshake;

  OutgoingLink(Transport transport, ClusterSecurity security, LinkListener inner) {
    super(transport, inner);
    this.security = security;
  }

  @Override
  void begin(Link opened) {
    handshake = security.connect(opened.proof());
    handshake.begin(opened.out());
  }

  @Override
  void shake(ByteBuf in) {
    ClientHandshake shaking = Objects.requireNonNull(handshake, "nothing was begun");
    switch (shaking.receive(in, link().out())) {
      case MORE -> {}
      case DONE -> open(shaking.proof());
      case REFUSED -> giveUp(shaking.why());
    }
  }

  @Override
  void ended(String why, boolean byOther) {
    inner().connectFailed(new IOException(why));
  }
}
