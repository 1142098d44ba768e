package io.kumo.core.protocol.write;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.netty.buffer.ByteBuf;

/**
 * A gateway has a coordinator write a record, under the record's lock: {@code [operation, key,
 * value, flags, expiry, vivify expiry, options, compare, delta, initial, new CAS, gateway
 * incarnation, sequence]}. The result is a {@link MutateResult}.
 *
 * @param options bits of {@link MutateOptions}
 * @param key raw key; of what was decoded in memory of its own, as a coordinator keeps it
 * @param value the user's bytes alone, empty where the operation has none; borrowed from what was
 *     decoded
 */
public record Mutate(
    Operation operation,
    int options,
    ByteBuf key,
    ByteBuf value,
    MutateOperands operands,
    RequestId id)
    implements Message {
  private static final int LENGTH = 13;

  /** Whether the option bit is set. */
  public boolean has(int option) {
    return (options & option) != 0;
  }

  /** Whether the record's CAS has to be {@link MutateOperands#compare}. */
  public boolean compares() {
    return operands.compare() != 0 || has(MutateOptions.COMPARE);
  }

  public static Mutate decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    Operation operation = Operation.byId(MsgPack.readUnsigned(in));
    ByteBuf key = RawStrings.copyKey(in);
    ByteBuf value = MsgPack.readRaw(in);
    int flags = MsgPack.readU32(in);
    long expiry = Integer.toUnsignedLong(MsgPack.readU32(in));
    long vivifyExpiry = Integer.toUnsignedLong(MsgPack.readU32(in));
    int options = MsgPack.readU32(in);
    MutateOperands operands = MutateOperands.decode(in, flags, expiry, vivifyExpiry);
    return new Mutate(operation, options, key, value, operands, RequestId.decode(in));
  }

  @Override
  public Method method() {
    return Method.MUTATE;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeUnsigned(out, operation.id());
    MsgPack.writeRaw(out, key);
    MsgPack.writeRaw(out, value);
    MsgPack.writeU32(out, operands.flags());
    MsgPack.writeUnsigned(out, operands.expiry());
    MsgPack.writeUnsigned(out, operands.vivifyExpiry());
    MsgPack.writeU32(out, options);
    MsgPack.writeUnsigned(out, operands.compare());
    MsgPack.writeUnsigned(out, operands.delta());
    MsgPack.writeUnsigned(out, operands.initial());
    MsgPack.writeUnsigned(out, operands.newCas());
    id.encode(out);
  }
}
