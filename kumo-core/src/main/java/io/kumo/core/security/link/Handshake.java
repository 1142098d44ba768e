package io.kumo.core.security.link;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kumo.core.security.Secret;
import io.kumo.core.transport.LinkProof;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

/**
 * One end of the handshake: bytes in, bytes out, and what came of it. It sees no channel, clock or
 * file. Confined to the thread of its connection.
 *
 * <p>Who connects greets and is greeted, then proves that it has the secret, then the other end
 * does. A proof is the HMAC-SHA-256 of both greetings, hence of both nonces, roles and cluster ids,
 * under a label of its own for each direction, so that neither end's can serve as the other's.
 */
abstract class Handshake {
  /** Type byte and HMAC. */
  static final int PROOF_BYTES = 1 + Secret.MAC_BYTES;

  /** Type byte, {@link Refusal} and the cluster id of who refuses. */
  static final int REFUSAL_BYTES = 10;

  static final int PROOF = 'P';
  static final int WELCOME = 'W';
  static final int REFUSED = 'R';

  private static final byte[] CLIENT = "kumo client".getBytes(US_ASCII);
  private static final byte[] SERVER = "kumo server".getBytes(US_ASCII);

  /** How far it is. */
  enum Step {
    /** More has to come. */
    MORE,
    /** The other end has proved itself; what is left of the input is for who speaks next. */
    DONE,
    /** The link is to be closed, when what was written has been offered to the network. */
    REFUSED
  }

  final LinkParty self;
  private String why = "";

  Handshake(LinkParty self) {
    this.self = self;
  }

  /**
   * Goes on.
   *
   * @param in borrowed: what has come and was not consumed
   * @param out borrowed: what is to be sent is appended
   */
  abstract Step receive(ByteBuf in, ByteBuf out);

  /** What the other end proved; when it is {@link Step#DONE}. */
  abstract LinkProof proof();

  /** Why it was refused, for a log line or an operator. */
  String why() {
    return why;
  }

  Step refuse(String reason) {
    why = reason;
    return Step.REFUSED;
  }

  static byte[] clientProof(Secret secret, Greeting hello, Greeting challenge) {
    return secret.mac(CLIENT, hello.bytes(), challenge.bytes());
  }

  static byte[] serverProof(Secret secret, Greeting hello, Greeting challenge) {
    return secret.mac(SERVER, hello.bytes(), challenge.bytes());
  }

  /** Appends a proof; without a secret one of zeros, which nobody looks at. */
  static void writeProof(ByteBuf out, int type, byte @Nullable [] proof) {
    out.writeByte(type);
    if (proof == null) {
      out.writeZero(Secret.MAC_BYTES);
    } else {
      out.writeBytes(proof);
    }
  }

  /** Consumes the bytes behind the type. */
  static byte[] readProof(ByteBuf in) {
    in.skipBytes(1);
    byte[] proof = ByteBufUtil.getBytes(in, in.readerIndex(), Secret.MAC_BYTES);
    in.skipBytes(Secret.MAC_BYTES);
    return proof;
  }
}
