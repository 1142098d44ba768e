package io.kumo.core.protocol.extended;

import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.RequestHistory;
import io.kumo.core.protocol.wire.Ids;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Result of {@link Fetch}: {@code [status, ClockTime, value or nil, requests, whole]}, as in {@link
 * RequestHistory}, and the view as a sixth element in a refusal.
 *
 * @param clockTime of the receiver's record, tombstones included; 0 for none
 * @param value raw value, borrowed; not null when it is another one than the sender's and not older
 * @param history writes of the key that the receiver remembers
 * @param view hash spaces of a receiver that refuses
 */
public record FetchResult(
    Status status,
    long clockTime,
    @Nullable ByteBuf value,
    RequestHistory history,
    @Nullable PublishedSpaces view) {
  /** What the replica has. */
  public enum Status {
    /** The sender's own record, an older one, or none. */
    NOTHING_NEWER(0),
    /** A newer record, or another one of the same ClockTime. */
    VALUE(1),
    /** The fence does not hold; the view says why. */
    REFUSED(2);

    private static final Status[] BY_ID = values();

    private final int id;

    Status(int id) {
      this.id = id;
    }

    public int id() {
      return id;
    }

    static Status byId(long id) throws MalformedMessageException {
      return Ids.find(BY_ID, id, "fetch status");
    }
  }

  private static final int LENGTH = 3 + RequestHistory.LENGTH;

  public static FetchResult nothingNewer(long clockTime, RequestHistory history) {
    return new FetchResult(Status.NOTHING_NEWER, clockTime, null, history, null);
  }

  /** Borrows the value. */
  public static FetchResult value(long clockTime, ByteBuf value, RequestHistory history) {
    return new FetchResult(Status.VALUE, clockTime, value, history, null);
  }

  public static FetchResult refused(PublishedSpaces view) {
    return new FetchResult(Status.REFUSED, 0, null, RequestHistory.NONE, view);
  }

  public static FetchResult read(ByteBuf in) throws MalformedMessageException {
    int length = MsgPack.readArrayHeader(in, LENGTH);
    Status status = Status.byId(MsgPack.readUnsigned(in));
    long clockTime = MsgPack.readUnsigned(in);
    ByteBuf value = MsgPack.tryReadNil(in) ? null : RawStrings.readValueOrTombstone(in);
    if (status == Status.VALUE && value == null) {
      throw new MalformedMessageException("a newer record without its value");
    }
    RequestHistory history = RequestHistory.read(in);
    PublishedSpaces view = length > LENGTH ? PublishedSpaces.read(in) : null;
    return new FetchResult(status, clockTime, value, history, view);
  }

  public void write(ByteBuf out) {
    MsgPack.writeArrayHeader(out, view == null ? LENGTH : LENGTH + 1);
    MsgPack.writeUnsigned(out, status.id());
    MsgPack.writeUnsigned(out, clockTime);
    MsgPack.writeRawOrNil(out, value);
    history.write(out);
    if (view != null) {
      view.write(out);
    }
  }
}
