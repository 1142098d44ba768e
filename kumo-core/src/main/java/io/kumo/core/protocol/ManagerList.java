package io.kumo.core.protocol;

import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.ObjectPacking;
import io.kumo.core.ring.NodeAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.msgpack.core.MessagePacker;
import org.msgpack.core.MessageUnpacker;

/**
 * Which managers a cluster follows from now on: {@code [ClockTime, [address, ...]]}. Travels with
 * the hash spaces once an operator has said so; until then everybody follows its command line.
 *
 * @param clockTime of the order; the newest list counts
 * @param addresses one or two
 */
public record ManagerList(long clockTime, List<NodeAddress> addresses) {
  /** Nobody has said anything; not written at all. */
  public static final ManagerList NONE = new ManagerList(0, List.of());

  private static final int LENGTH = 2;
  private static final int MAX_MANAGERS = 2;

  public ManagerList {
    addresses = List.copyOf(addresses);
  }

  public boolean isPresent() {
    return !addresses.isEmpty();
  }

  /** The later of the two orders. */
  public ManagerList newer(ManagerList other) {
    return Long.compareUnsigned(other.clockTime, clockTime) > 0 ? other : this;
  }

  static ManagerList read(MessageUnpacker in) throws IOException, MalformedMessageException {
    if (in.tryUnpackNil()) {
      return NONE;
    }
    int extra = ObjectPacking.unpackArrayHeader(in, LENGTH, Limits.MAX_ARRAY_LENGTH) - LENGTH;
    long clockTime = ObjectPacking.unpackUnsigned(in);
    int count = ObjectPacking.unpackArrayHeader(in, 0, MAX_MANAGERS);
    List<NodeAddress> addresses = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      addresses.add(ObjectPacking.unpackAddress(in));
    }
    in.skipValue(extra);
    return new ManagerList(clockTime, addresses);
  }

  void write(MessagePacker out) throws IOException {
    out.packArrayHeader(LENGTH);
    ObjectPacking.packUnsigned(out, clockTime);
    out.packArrayHeader(addresses.size());
    for (NodeAddress address : addresses) {
      ObjectPacking.packAddress(out, address);
    }
  }
}
