package io.kumo.core.protocol.write;

import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Result of {@link Mutate}: {@code [status, ClockTime, CAS, value or nil, tokens]}, and the view as
 * a sixth element in a refusal, or nil and a reason as sixth and seventh in a failure.
 *
 * @param clockTime of the record as it is now; 0 if there is none
 * @param cas that a client may compare with; 0 if there is no item
 * @param value the raw value as it is now, when asked for; borrowed
 * @param tokens {@link #WON}, {@link #STALE}, {@link #TOKEN_SENT}
 * @param view hash spaces of a receiver that refuses
 * @param reason why it failed, if that is worth telling
 */
public record MutateResult(
    MutateStatus status,
    long clockTime,
    long cas,
    @Nullable ByteBuf value,
    int tokens,
    @Nullable PublishedSpaces view,
    @Nullable String reason) {
  /** W: the client has the right to recache the item. */
  public static final int WON = 1;

  /** X: the item is stale. */
  public static final int STALE = 2;

  /** Z: another client has the right to recache the item. */
  public static final int TOKEN_SENT = 4;

  private static final int LENGTH = 5;

  /** Without a reason. */
  public MutateResult(
      MutateStatus status,
      long clockTime,
      long cas,
      @Nullable ByteBuf value,
      int tokens,
      @Nullable PublishedSpaces view) {
    this(status, clockTime, cas, value, tokens, view, null);
  }

  public static MutateResult failed(String reason) {
    return new MutateResult(MutateStatus.FAILED, 0, 0, null, 0, null, reason);
  }

  public static MutateResult of(MutateStatus status) {
    return new MutateResult(status, 0, 0, null, 0, null);
  }

  public static MutateResult refused(PublishedSpaces view) {
    return new MutateResult(MutateStatus.REFUSED, 0, 0, null, 0, view);
  }

  public static MutateResult read(ByteBuf in) throws MalformedMessageException {
    int length = MsgPack.readArrayHeader(in, LENGTH);
    MutateStatus status = MutateStatus.byId(MsgPack.readUnsigned(in));
    long clockTime = MsgPack.readUnsigned(in);
    long cas = MsgPack.readUnsigned(in);
    ByteBuf value = MsgPack.tryReadNil(in) ? null : RawStrings.readValueOrTombstone(in);
    int tokens = MsgPack.readU32(in);
    PublishedSpaces view =
        length == LENGTH || MsgPack.tryReadNil(in) ? null : PublishedSpaces.read(in);
    String reason = length > LENGTH + 1 ? RawStrings.readText(in) : null;
    return new MutateResult(status, clockTime, cas, value, tokens, view, reason);
  }

  public void write(ByteBuf out) {
    MsgPack.writeArrayHeader(out, reason != null ? LENGTH + 2 : view == null ? LENGTH : LENGTH + 1);
    MsgPack.writeUnsigned(out, status.id());
    MsgPack.writeUnsigned(out, clockTime);
    MsgPack.writeUnsigned(out, cas);
    MsgPack.writeRawOrNil(out, value);
    MsgPack.writeU32(out, tokens);
    if (view != null) {
      view.write(out);
    } else if (reason != null) {
      MsgPack.writeNil(out);
    }
    if (reason != null) {
      RawStrings.writeText(out, reason);
    }
  }
}
