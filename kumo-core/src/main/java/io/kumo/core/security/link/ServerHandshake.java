package io.kumo.core.security.link;

import io.kumo.core.security.Secret;
import io.kumo.core.transport.LinkProof;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** The end that was connected to. It tells nothing that depends on the secret before a proof. */
final class ServerHandshake extends Handshake {
  private final LinkProof below;
  private @Nullable Greeting hello;
  private @Nullable Greeting challenge;

  /**
   * @param below what TLS has proved
   */
  ServerHandshake(LinkParty self, LinkProof below) {
    super(self);
    this.below = below;
  }

  @Override
  Step receive(ByteBuf in, ByteBuf out) {
    if (hello == null) {
      Step step = greet(in, out);
      if (step != Step.DONE) {
        return step;
      }
    }
    return prove(in, out);
  }

  /** {@link Step#DONE} when it has been greeted. */
  private Step greet(ByteBuf in, ByteBuf out) {
    if (in.readableBytes() < Greeting.BYTES) {
      return Greeting.isPossible(in) ? Step.MORE : refuse(Refusal.MALFORMED, out);
    }
    Greeting read = Greeting.read(Greeting.HELLO, in);
    if (read == null) {
      return refuse(Refusal.MALFORMED, out);
    }
    Refusal refusal = refusalOf(read);
    if (refusal == Refusal.OTHER_CLUSTER) {
      refuse(refusal, out);
      String ours = named(self.cluster().id());
      return refuse("it is of the cluster " + named(read.cluster().id()) + ", this is " + ours);
    }
    if (refusal != null) {
      return refuse(refusal, out);
    }
    hello = read;
    challenge = Greeting.of(Greeting.CHALLENGE, self, self.hasSecret(), Unpooled.buffer());
    out.writeBytes(challenge.bytes());
    return Step.DONE;
  }

  private @Nullable Refusal refusalOf(Greeting read) {
    if (read.version() != Greeting.VERSION || read.role() == null) {
      return Refusal.OTHER_VERSION;
    }
    if (self.hasSecret() && !read.hasSecret()) {
      return Refusal.NO_SECRET;
    }
    if (!read.mayBeOf(self.cluster())) {
      return Refusal.OTHER_CLUSTER;
    }
    return read.role().isNode() && !below.node() ? Refusal.NO_NODE : null;
  }

  private Step prove(ByteBuf in, ByteBuf out) {
    if (!in.isReadable()) {
      return Step.MORE;
    }
    if (in.getUnsignedByte(in.readerIndex()) != PROOF) {
      return refuse(Refusal.MALFORMED, out);
    }
    if (in.readableBytes() < PROOF_BYTES) {
      return Step.MORE;
    }
    byte[] proof = readProof(in);
    Secret proved = provedBy(proof);
    if (self.hasSecret() && proved == null) {
      return refuse(Refusal.WRONG_SECRET, out);
    }
    writeProof(
        out, WELCOME, proved == null ? null : serverProof(proved, requireHello(), requireOwn()));
    return Step.DONE;
  }

  /** Which of the secrets it has; all are tried, whichever it is. */
  private @Nullable Secret provedBy(byte[] proof) {
    Secret found = null;
    for (Secret secret : self.accepted()) {
      if (Secret.isEqual(proof, clientProof(secret, requireHello(), requireOwn()))) {
        found = secret;
      }
    }
    return found;
  }

  private Step refuse(Refusal refusal, ByteBuf out) {
    out.writeByte(REFUSED).writeByte(refusal.code()).writeLong(self.cluster().id());
    return refuse(refusal.words());
  }

  static String named(long clusterId) {
    return clusterId == 0 ? "one that is not founded yet" : Long.toHexString(clusterId);
  }

  @Override
  LinkProof proof() {
    return new LinkProof(
        self.hasSecret(), below.tls(), requireHello().requireRole().isNode(), below.hosts());
  }

  private Greeting requireHello() {
    if (hello == null) {
      throw new IllegalStateException("nobody has greeted");
    }
    return hello;
  }

  private Greeting requireOwn() {
    if (challenge == null) {
      throw new IllegalStateException("nobody was greeted");
    }
    return challenge;
  }
}
