package io.kumo.core.protocol;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Result of {@link Fetch}: {@code [status, ClockTime, value or nil, [gateway incarnation, sequence,
 * ClockTime, ...]]}, and the view as a fifth element in a refusal.
 *
 * @param clockTime of the receiver's record, tombstones included; 0 for none
 * @param value raw value, borrowed; not null when it is another one than the sender's and not older
 * @param requests writes of the key that the receiver remembers
 * @param view hash spaces of a receiver that refuses
 */
public record FetchResult(
    Status status,
    long clockTime,
    @Nullable ByteBuf value,
    List<AppliedRequest> requests,
    @Nullable ClusterView view) {
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
      if (id < 0 || id >= BY_ID.length) {
        throw new MalformedMessageException("fetch status " + Long.toUnsignedString(id));
      }
      return BY_ID[(int) id];
    }
  }

  /** Requests that are told at most; a key that was written more often is told the latest. */
  public static final int MAX_REQUESTS = 1024;

  private static final int LENGTH = 4;
  private static final int REQUEST_LENGTH = 3;

  public FetchResult {
    requests = List.copyOf(requests);
  }

  public static FetchResult nothingNewer(long clockTime, List<AppliedRequest> requests) {
    return new FetchResult(Status.NOTHING_NEWER, clockTime, null, requests, null);
  }

  /** Borrows the value. */
  public static FetchResult value(long clockTime, ByteBuf value, List<AppliedRequest> requests) {
    return new FetchResult(Status.VALUE, clockTime, value, requests, null);
  }

  public static FetchResult refused(ClusterView view) {
    return new FetchResult(Status.REFUSED, 0, null, List.of(), view);
  }

  public static FetchResult read(ByteBuf in) throws MalformedMessageException {
    int length = MsgPack.readArrayHeader(in, LENGTH);
    Status status = Status.byId(MsgPack.readUnsigned(in));
    long clockTime = MsgPack.readUnsigned(in);
    ByteBuf value = MsgPack.tryReadNil(in) ? null : RawStrings.readValueOrTombstone(in);
    if (status == Status.VALUE && value == null) {
      throw new MalformedMessageException("a newer record without its value");
    }
    List<AppliedRequest> requests = readRequests(in);
    ClusterView view = length > LENGTH ? ClusterView.read(in) : null;
    return new FetchResult(status, clockTime, value, requests, view);
  }

  private static List<AppliedRequest> readRequests(ByteBuf in) throws MalformedMessageException {
    int elements = MsgPack.readArrayHeader(in);
    if (elements % REQUEST_LENGTH != 0 || elements > REQUEST_LENGTH * MAX_REQUESTS) {
      throw new MalformedMessageException("requests of " + elements + " elements");
    }
    List<AppliedRequest> requests = new ArrayList<>(elements / REQUEST_LENGTH);
    for (int i = 0; i < elements; i += REQUEST_LENGTH) {
      RequestId id = RequestId.decode(in);
      requests.add(new AppliedRequest(id, MsgPack.readUnsigned(in)));
    }
    return requests;
  }

  public void write(ByteBuf out) {
    MsgPack.writeArrayHeader(out, view == null ? LENGTH : LENGTH + 1);
    MsgPack.writeUnsigned(out, status.id());
    MsgPack.writeUnsigned(out, clockTime);
    MsgPack.writeRawOrNil(out, value);
    MsgPack.writeArrayHeader(out, REQUEST_LENGTH * requests.size());
    for (AppliedRequest request : requests) {
      request.id().encode(out);
      MsgPack.writeUnsigned(out, request.clockTime());
    }
    if (view != null) {
      view.write(out);
    }
  }
}
