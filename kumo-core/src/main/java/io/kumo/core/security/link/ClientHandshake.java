package io.kumo.core.security.link;

import io.kumo.core.security.ClusterSecrets;
import io.kumo.core.security.Secret;
import io.kumo.core.transport.LinkProof;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** The end that connects. It sends nothing of anybody's before the other end has proved itself. */
final class ClientHandshake extends Handshake {
  private final LinkProof below;
  private final @Nullable Secret secret;
  private final Greeting hello;
  private @Nullable Greeting challenge;

  /**
   * @param below what TLS has proved
   */
  ClientHandshake(LinkParty self, LinkProof below) {
    super(self);
    this.below = below;
    ClusterSecrets secrets = self.currentSecrets();
    this.secret = secrets == null ? null : secrets.own();
    this.hello = Greeting.of(Greeting.HELLO, self, secret != null, Unpooled.buffer());
  }

  /** What is to be sent before anything comes. */
  void begin(ByteBuf out) {
    out.writeBytes(hello.bytes());
  }

  @Override
  Step receive(ByteBuf in, ByteBuf out) {
    if (!in.isReadable()) {
      return Step.MORE;
    }
    if (in.getUnsignedByte(in.readerIndex()) == REFUSED) {
      return in.readableBytes() < REFUSAL_BYTES ? Step.MORE : refused(in);
    }
    if (challenge == null) {
      Step step = greeted(in, out);
      if (step != Step.DONE) {
        return step;
      }
    }
    return welcomed(in);
  }

  private Step refused(ByteBuf in) {
    in.skipBytes(1);
    Refusal refusal = Refusal.byCode(in.readUnsignedByte());
    long cluster = in.readLong();
    if (refusal == null) {
      return refuse("it refuses this process, and does not say why in words known here");
    }
    boolean other = refusal == Refusal.OTHER_CLUSTER;
    return refuse(
        "it refuses this process: "
            + refusal.words()
            + (other ? " than " + ServerHandshake.named(cluster) : ""));
  }

  /** {@link Step#DONE} when it has greeted, and was answered. */
  private Step greeted(ByteBuf in, ByteBuf out) {
    if (in.readableBytes() < Greeting.BYTES) {
      return Greeting.isPossible(in) ? Step.MORE : notKumo();
    }
    Greeting read = Greeting.read(Greeting.CHALLENGE, in);
    if (read == null || read.role() == null || read.version() != Greeting.VERSION) {
      return notKumo();
    }
    if (secret != null && !read.hasSecret()) {
      return refuse("it has no secret, and this process wants one of it (--secret-file)");
    }
    if (!read.mayBeOf(self.cluster())) {
      return refuse("it is of another cluster: " + ServerHandshake.named(read.cluster().id()));
    }
    challenge = read;
    writeProof(out, PROOF, secret == null ? null : clientProof(secret, hello, read));
    return Step.DONE;
  }

  private Step notKumo() {
    return refuse(
        "what answers there does not shake hands: it is none of this cluster, or was started"
            + " without --secret-file and --cluster-cert");
  }

  private Step welcomed(ByteBuf in) {
    if (!in.isReadable()) {
      return Step.MORE;
    }
    if (in.getUnsignedByte(in.readerIndex()) != WELCOME) {
      return notKumo();
    }
    if (in.readableBytes() < PROOF_BYTES) {
      return Step.MORE;
    }
    byte[] proof = readProof(in);
    Greeting answered = challenge;
    boolean proved =
        secret == null
            || (answered != null && Secret.isEqual(proof, serverProof(secret, hello, answered)));
    return proved ? Step.DONE : refuse("it does not have the secret (--secret-file)");
  }

  @Override
  LinkProof proof() {
    boolean node = challenge != null && challenge.requireRole().isNode();
    return new LinkProof(secret != null, below.tls(), node && below.node(), below.hosts());
  }
}
