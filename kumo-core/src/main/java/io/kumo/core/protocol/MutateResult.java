package io.kumo.core.protocol;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Result of {@link Mutate}: {@code [status, ClockTime, CAS, value or nil, tokens]}, and the view as
 * a sixth element in a refusal.
 *
 * @param clockTime of the record as it is now; 0 if there is none
 * @param cas that a client may compare with; 0 if there is no item
 * @param value the raw value as it is now, when asked for; borrowed
 * @param tokens {@link #WON}, {@link #STALE}, {@link #TOKEN_SENT}
 * @param view hash spaces of a receiver that refuses
 */
public record MutateResult(
    MutateStatus status,
    long clockTime,
    long cas,
    @Nullable ByteBuf value,
    int tokens,
    @Nullable ClusterView view) {
  /** W: the client has the right to recache the item. */
  public static final int WON = 1;

  /** X: the item is stale. */
  public static final int STALE = 2;

  /** Z: another client has the right to recache the item. */
  public static final int TOKEN_SENT = 4;

  private static final int LENGTH = 5;

  public static MutateResult of(MutateStatus status) {
    return new MutateResult(status, 0, 0, null, 0, null);
  }

  public static MutateResult refused(ClusterView view) {
    return new MutateResult(MutateStatus.REFUSED, 0, 0, null, 0, view);
  }

  public static MutateResult read(ByteBuf in) throws MalformedMessageException {
    int length = MsgPack.readArrayHeader(in, LENGTH);
    MutateStatus status = MutateStatus.byId(MsgPack.readUnsigned(in));
    long clockTime = MsgPack.readUnsigned(in);
    long cas = MsgPack.readUnsigned(in);
    ByteBuf value = MsgPack.tryReadNil(in) ? null : RawStrings.readValueOrTombstone(in);
    int tokens = MsgPack.readU32(in);
    ClusterView view = length > LENGTH ? ClusterView.read(in) : null;
    return new MutateResult(status, clockTime, cas, value, tokens, view);
  }

  public void write(ByteBuf out) {
    MsgPack.writeArrayHeader(out, view == null ? LENGTH : LENGTH + 1);
    MsgPack.writeUnsigned(out, status.id());
    MsgPack.writeUnsigned(out, clockTime);
    MsgPack.writeUnsigned(out, cas);
    MsgPack.writeRawOrNil(out, value);
    MsgPack.writeU32(out, tokens);
    if (view != null) {
      view.write(out);
    }
  }
}
