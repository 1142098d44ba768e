package io.kumo.core.protocol.write;

import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/**
 * The numbers of a {@link Mutate}; which of them count depends on the operation. Times are unix
 * seconds, 0 for never, unless {@link MutateOptions#CLIENT_TIMES} says otherwise.
 *
 * @param flags of the item stored, all 32 bits
 * @param expiry of the item stored, or to be set
 * @param vivifyExpiry of an item created because it was absent (not for APPEND and PREPEND)
 * @param compare CAS that the record must have; 0 for any, unless {@link MutateOptions#COMPARE}
 * @param newCas CAS that the client chose for the item; 0 for none
 * @param delta of INCR and DECR; for META_GET with {@link MutateOptions#RECACHE}, the time before
 *     which an expiry calls for recaching
 * @param initial of a number created because it was absent; for APPEND and PREPEND, the bytes that
 *     the data may grow to, 0 for as many as the server takes
 */
public record MutateOperands(
    int flags,
    long expiry,
    long vivifyExpiry,
    long compare,
    long newCas,
    long delta,
    long initial) {
  public static final MutateOperands NONE = new MutateOperands(0, 0, 0, 0, 0, 0, 0);

  public static MutateOperands ofItem(int flags, long expiry) {
    return new MutateOperands(flags, expiry, 0, 0, 0, 0, 0);
  }

  public MutateOperands withVivifyExpiry(long seconds) {
    return new MutateOperands(flags, expiry, seconds, compare, newCas, delta, initial);
  }

  public MutateOperands withCompare(long cas) {
    return new MutateOperands(flags, expiry, vivifyExpiry, cas, newCas, delta, initial);
  }

  public MutateOperands withNewCas(long cas) {
    return new MutateOperands(flags, expiry, vivifyExpiry, compare, cas, delta, initial);
  }

  public MutateOperands withDelta(long newDelta, long newInitial) {
    return new MutateOperands(flags, expiry, vivifyExpiry, compare, newCas, newDelta, newInitial);
  }

  /** Consumes the elements behind the options. */
  static MutateOperands decode(ByteBuf in, int flags, long expiry, long vivifyExpiry)
      throws MalformedMessageException {
    long compare = MsgPack.readUnsigned(in);
    long delta = MsgPack.readUnsigned(in);
    long initial = MsgPack.readUnsigned(in);
    long newCas = MsgPack.readUnsigned(in);
    long any = flags | expiry | vivifyExpiry | compare | newCas | delta | initial;
    return any == 0
        ? NONE
        : new MutateOperands(flags, expiry, vivifyExpiry, compare, newCas, delta, initial);
  }
}
