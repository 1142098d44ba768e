package io.kumo.core.protocol.extended;

import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.wire.Ids;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Result of {@link ExtGet}: {@code [status, value or nil]}, and the view as a third element in a
 * refusal.
 *
 * @param value raw value, borrowed; not null when found
 * @param view hash spaces of a receiver that refuses
 */
public record ExtGetResult(Status status, @Nullable ByteBuf value, @Nullable PublishedSpaces view) {
  /** What the coordinator has. */
  public enum Status {
    FOUND(0),
    NOT_FOUND(1),
    /** The receiver is not the coordinator; the view says why. */
    REFUSED(2),
    /** It cannot tell: every replica that may have the record is down, or storage trouble. */
    FAILED(3),
    /** The copy that the sender has is the newest record. */
    COPY_IS_GOOD(4);

    private static final Status[] BY_ID = values();

    private final int id;

    Status(int id) {
      this.id = id;
    }

    public int id() {
      return id;
    }

    static Status byId(long id) throws MalformedMessageException {
      return Ids.find(BY_ID, id, "get status");
    }
  }

  public static final ExtGetResult NOT_FOUND = new ExtGetResult(Status.NOT_FOUND, null, null);

  public static final ExtGetResult COPY_IS_GOOD = new ExtGetResult(Status.COPY_IS_GOOD, null, null);

  public static final ExtGetResult FAILED = new ExtGetResult(Status.FAILED, null, null);

  private static final int LENGTH = 2;

  public static ExtGetResult found(ByteBuf value) {
    return new ExtGetResult(Status.FOUND, value, null);
  }

  public static ExtGetResult refused(PublishedSpaces view) {
    return new ExtGetResult(Status.REFUSED, null, view);
  }

  public static ExtGetResult read(ByteBuf in) throws MalformedMessageException {
    int length = MsgPack.readArrayHeader(in, LENGTH);
    Status status = Status.byId(MsgPack.readUnsigned(in));
    ByteBuf value = MsgPack.tryReadNil(in) ? null : RawStrings.readValueOrTombstone(in);
    if (status == Status.FOUND && value == null) {
      throw new MalformedMessageException("found without a value");
    }
    return new ExtGetResult(status, value, length > LENGTH ? PublishedSpaces.read(in) : null);
  }

  /** To be followed by the raw value of a record that was found. */
  public static void writeFoundHead(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeUnsigned(out, Status.FOUND.id());
  }

  public void write(ByteBuf out) {
    MsgPack.writeArrayHeader(out, view == null ? LENGTH : LENGTH + 1);
    MsgPack.writeUnsigned(out, status.id());
    MsgPack.writeRawOrNil(out, value);
    if (view != null) {
      view.write(out);
    }
  }
}
