package io.kumo.gateway.memcached;

/** Writes the reply to a completed command in one protocol. Stateless. */
public interface ReplyEncoder {
  /** Borrows the command. Writes nothing when the command is answered by silence. */
  void encode(McCommand command, ReplyOutput out);

  /** Whether it answers meta commands. */
  default boolean isMeta() {
    return false;
  }
}
