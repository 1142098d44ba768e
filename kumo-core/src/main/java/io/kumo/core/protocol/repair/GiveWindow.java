package io.kumo.core.protocol.repair;

import io.kumo.core.protocol.AppliedRequest;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.NodeAddressCodec;
import io.kumo.core.ring.HashRange;
import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A server that has copied records to another tells it by which requests they came to be what they
 * are, in several messages: {@code [write hash space's ClockTime, stream address, [gateway
 * incarnation, sequence, hash, ClockTime, ...], coverage or nil]}. The result is true; an error
 * when the receiver has installed another write hash space.
 *
 * @param streamAddress from which the records came
 * @param coverage of all messages, in the last one; null in the others
 */
public record GiveWindow(
    long whsClockTime,
    NodeAddress streamAddress,
    List<KeyRequest> requests,
    @Nullable Coverage coverage)
    implements Message {
  /** Requests in one message. */
  public static final int MAX_REQUESTS = 1 << 11;

  /** Ranges in a list. */
  public static final int MAX_RANGES = 1 << 13;

  /** Hashes in a list. */
  public static final int MAX_HASHES = 1 << 12;

  private static final int LENGTH = 4;
  private static final int REQUEST_LENGTH = 4;

  /** A request and the hash of its key. */
  public record KeyRequest(long hash, AppliedRequest request) {}

  /**
   * What the sender knows all requests of: {@code [[from, to, ...], [from, to, ...], [hash, ...]]}.
   *
   * @param given where it gave the receiver what that lacked
   * @param whole where it knows every request whose trace its records bear
   * @param except but for the keys of these hashes
   */
  public record Coverage(List<HashRange> given, List<HashRange> whole, List<Long> except) {
    private static final int LENGTH = 3;

    public Coverage {
      given = List.copyOf(given);
      whole = List.copyOf(whole);
      except = List.copyOf(except);
    }

    private void encode(ByteBuf out) {
      MsgPack.writeArrayHeader(out, LENGTH);
      HashRanges.write(out, given);
      HashRanges.write(out, whole);
      MsgPack.writeArrayHeader(out, except.size());
      except.forEach(hash -> MsgPack.writeUnsigned(out, hash));
    }

    private static Coverage decode(ByteBuf in) throws MalformedMessageException {
      MsgPack.readArrayHeader(in, LENGTH);
      List<HashRange> given = HashRanges.read(in, MAX_RANGES);
      List<HashRange> whole = HashRanges.read(in, MAX_RANGES);
      int count = MsgPack.readArrayHeader(in);
      if (count > MAX_HASHES) {
        throw new MalformedMessageException(count + " hashes");
      }
      List<Long> except = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        except.add(MsgPack.readUnsigned(in));
      }
      return new Coverage(given, whole, except);
    }
  }

  public GiveWindow {
    requests = List.copyOf(requests);
  }

  public static GiveWindow decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    long whsClockTime = MsgPack.readUnsigned(in);
    NodeAddress streamAddress = NodeAddressCodec.read(in);
    int elements = MsgPack.readArrayHeader(in);
    if (elements % REQUEST_LENGTH != 0 || elements > REQUEST_LENGTH * MAX_REQUESTS) {
      throw new MalformedMessageException("requests of " + elements + " elements");
    }
    List<KeyRequest> requests = new ArrayList<>(elements / REQUEST_LENGTH);
    for (int i = 0; i < elements; i += REQUEST_LENGTH) {
      RequestId id = RequestId.decode(in);
      long hash = MsgPack.readUnsigned(in);
      requests.add(new KeyRequest(hash, new AppliedRequest(id, MsgPack.readUnsigned(in))));
    }
    Coverage coverage = null;
    if (MsgPack.isNil(in)) {
      MsgPack.skip(in);
    } else {
      coverage = Coverage.decode(in);
    }
    return new GiveWindow(whsClockTime, streamAddress, requests, coverage);
  }

  @Override
  public Method method() {
    return Method.GIVE_WINDOW;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeUnsigned(out, whsClockTime);
    NodeAddressCodec.write(out, streamAddress);
    MsgPack.writeArrayHeader(out, REQUEST_LENGTH * requests.size());
    for (KeyRequest request : requests) {
      request.request().id().encode(out);
      MsgPack.writeUnsigned(out, request.hash());
      MsgPack.writeUnsigned(out, request.request().clockTime());
    }
    if (coverage == null) {
      MsgPack.writeNil(out);
    } else {
      coverage.encode(out);
    }
  }
}
