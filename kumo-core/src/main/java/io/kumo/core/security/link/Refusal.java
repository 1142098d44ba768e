package io.kumo.core.security.link;

import org.jspecify.annotations.Nullable;

/** Why who connects is refused; what is told to it if it has begun the handshake. */
enum Refusal {
  NO_SECRET(1, "it has no secret, and this cluster has one (--secret-file)"),
  WRONG_SECRET(2, "its secret is not this cluster's (--secret-file)"),
  OTHER_CLUSTER(3, "it is of another cluster"),
  OTHER_VERSION(4, "it speaks another version of the handshake"),
  NO_NODE(5, "its certificate is a client's, and it says that it is a node"),
  MALFORMED(6, "what it sent is no handshake");

  private final int code;
  private final String words;

  Refusal(int code, String words) {
    this.code = code;
    this.words = words;
  }

  /** On the wire. */
  int code() {
    return code;
  }

  /** Of the end that is refused, as the other end says it. */
  String words() {
    return words;
  }

  static @Nullable Refusal byCode(int code) {
    for (Refusal refusal : values()) {
      if (refusal.code == code) {
        return refusal;
      }
    }
    return null;
  }
}
