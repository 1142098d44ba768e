package io.kumo.core.protocol.write;

import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.wire.Ids;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Result of {@link ExtReplicate}: {@code [status, ClockTime]}, and the view as a third element in a
 * refusal.
 *
 * @param clockTime that the replica has for the key now; 0 in a refusal
 * @param view hash spaces of a receiver that refuses
 */
public record ExtReplicateResult(Status status, long clockTime, @Nullable PublishedSpaces view) {
  /** What the replica did. */
  public enum Status {
    /** It has the record now, or had the very same already. */
    STORED(0),
    /** It has a newer one: no acknowledgement. */
    HAVE_NEWER(1),
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
      return Ids.find(BY_ID, id, "replicate status");
    }
  }

  private static final int LENGTH = 2;

  public static ExtReplicateResult stored(long clockTime) {
    return new ExtReplicateResult(Status.STORED, clockTime, null);
  }

  public static ExtReplicateResult haveNewer(long clockTime) {
    return new ExtReplicateResult(Status.HAVE_NEWER, clockTime, null);
  }

  public static ExtReplicateResult refused(PublishedSpaces view) {
    return new ExtReplicateResult(Status.REFUSED, 0, view);
  }

  public static ExtReplicateResult read(ByteBuf in) throws MalformedMessageException {
    int length = MsgPack.readArrayHeader(in, LENGTH);
    Status status = Status.byId(MsgPack.readUnsigned(in));
    long clockTime = MsgPack.readUnsigned(in);
    PublishedSpaces view = length > LENGTH ? PublishedSpaces.read(in) : null;
    return new ExtReplicateResult(status, clockTime, view);
  }

  /** As {@link #stored} is written, which nearly all of them are. */
  public static void writeStored(ByteBuf out, long clockTime) {
    writePair(out, LENGTH, Status.STORED, clockTime);
  }

  private static void writePair(ByteBuf out, int length, Status status, long clockTime) {
    MsgPack.writeArrayHeader(out, length);
    MsgPack.writeUnsigned(out, status.id());
    MsgPack.writeUnsigned(out, clockTime);
  }

  public void write(ByteBuf out) {
    writePair(out, view == null ? LENGTH : LENGTH + 1, status, clockTime);
    if (view != null) {
      view.write(out);
    }
  }
}
