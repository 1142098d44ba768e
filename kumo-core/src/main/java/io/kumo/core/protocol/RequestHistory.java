package io.kumo.core.protocol;

import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * The requests by which a record came to be what it is: {@code [gateway incarnation, sequence,
 * ClockTime, ...], whole}. It goes where the record goes, so that a request that was applied is
 * never applied again.
 *
 * @param whole whether every request of the last while is named that the record bears the trace of
 */
public record RequestHistory(List<AppliedRequest> requests, boolean whole) {
  /** Requests that are told at most; of a key that was written more often, the latest. */
  public static final int MAX_REQUESTS = 1024;

  /** Of a key that no request has touched. */
  public static final RequestHistory NONE = new RequestHistory(List.of(), true);

  /** Elements in an array of parameters. */
  public static final int LENGTH = 2;

  private static final int REQUEST_LENGTH = 3;

  public RequestHistory {
    requests = List.copyOf(requests);
  }

  public static RequestHistory read(ByteBuf in) throws MalformedMessageException {
    int elements = MsgPack.readArrayHeader(in);
    if (elements % REQUEST_LENGTH != 0 || elements > REQUEST_LENGTH * MAX_REQUESTS) {
      throw new MalformedMessageException("requests of " + elements + " elements");
    }
    List<AppliedRequest> requests = new ArrayList<>(elements / REQUEST_LENGTH);
    for (int i = 0; i < elements; i += REQUEST_LENGTH) {
      RequestId id = RequestId.decode(in);
      requests.add(new AppliedRequest(id, MsgPack.readUnsigned(in)));
    }
    return new RequestHistory(requests, MsgPack.readBool(in));
  }

  public void write(ByteBuf out) {
    MsgPack.writeArrayHeader(out, REQUEST_LENGTH * requests.size());
    for (AppliedRequest request : requests) {
      request.id().encode(out);
      MsgPack.writeUnsigned(out, request.clockTime());
    }
    MsgPack.writeBool(out, whole);
  }
}
