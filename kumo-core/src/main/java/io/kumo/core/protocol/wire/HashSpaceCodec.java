package io.kumo.core.protocol.wire;

import io.kumo.core.protocol.Limits;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.msgpack.core.MessagePacker;
import org.msgpack.core.MessageUnpacker;

/**
 * A hash space as kumofs 0.4.13 sends it: {@code [[node, ...], ClockTime]}, a node being a raw of
 * one byte for its state (0 fault, else active) and the address. One that it would place keys by in
 * another way has a third element, {@code [copies, [zone, ...]]}: a zone for each node, or none at
 * all.
 */
public final class HashSpaceCodec {
  private static final int LENGTH = 2;

  private HashSpaceCodec() {}

  public static void write(ByteBuf out, HashSpace hashSpace) {
    ObjectPacking.pack(out, packer -> write(packer, hashSpace));
  }

  private static void write(MessagePacker out, HashSpace hashSpace) throws IOException {
    boolean plain = hashSpace.isPlain();
    out.packArrayHeader(plain ? LENGTH : LENGTH + 1).packArrayHeader(hashSpace.nodes().size());
    for (Node node : hashSpace.nodes()) {
      byte[] state = {(byte) (node.active() ? 1 : 0)};
      out.packRawStringHeader(1 + node.address().length()).writePayload(state);
      out.writePayload(node.address().toBytes());
    }
    ObjectPacking.packUnsigned(out, hashSpace.clockTime());
    if (!plain) {
      writePlacement(out, hashSpace);
    }
  }

  private static void writePlacement(MessagePacker out, HashSpace hashSpace) throws IOException {
    out.packArrayHeader(LENGTH).packInt(hashSpace.copies());
    boolean zones = hashSpace.nodes().stream().anyMatch(node -> !node.zone().isEmpty());
    out.packArrayHeader(zones ? hashSpace.nodes().size() : 0);
    if (zones) {
      for (Node node : hashSpace.nodes()) {
        ObjectPacking.packText(out, node.zone());
      }
    }
  }

  /** Consumes one object. */
  public static HashSpace read(ByteBuf in) throws MalformedMessageException {
    return ObjectPacking.unpack(in, HashSpaceCodec::read);
  }

  private static HashSpace read(MessageUnpacker in) throws IOException, MalformedMessageException {
    int extra = ObjectPacking.unpackArrayHeader(in, LENGTH, Limits.MAX_ARRAY_LENGTH) - LENGTH;
    int count = ObjectPacking.unpackArrayHeader(in, 0, Limits.MAX_NODES);
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      nodes.add(readNode(in));
    }
    long clockTime = ObjectPacking.unpackUnsigned(in);
    int copies = extra > 0 ? readPlacement(in, nodes) : HashSpace.DEFAULT_COPIES;
    in.skipValue(Math.max(0, extra - 1));
    return HashSpace.of(nodes, clockTime, copies);
  }

  /** Gives the nodes their zones; how many copies there are. */
  private static int readPlacement(MessageUnpacker in, List<Node> nodes)
      throws IOException, MalformedMessageException {
    int extra = ObjectPacking.unpackArrayHeader(in, LENGTH, Limits.MAX_ARRAY_LENGTH) - LENGTH;
    long copies = ObjectPacking.unpackUnsigned(in);
    if (copies < 1 || copies > HashSpace.MAX_COPIES) {
      throw new MalformedMessageException("no number of copies: " + copies);
    }
    int zones = ObjectPacking.unpackArrayHeader(in, 0, Limits.MAX_NODES);
    if (zones != 0 && zones != nodes.size()) {
      throw new MalformedMessageException(zones + " zones of " + nodes.size() + " nodes");
    }
    for (int i = 0; i < zones; i++) {
      Node node = nodes.get(i);
      String zone = ObjectPacking.unpackText(in, Limits.MAX_ZONE_BYTES);
      nodes.set(i, new Node(node.address(), node.active(), zone));
    }
    in.skipValue(extra);
    return (int) copies;
  }

  private static Node readNode(MessageUnpacker in) throws IOException, MalformedMessageException {
    int length = in.unpackRawStringHeader();
    if (!NodeAddress.isLength(length - 1)) {
      throw new MalformedMessageException("not a node of a hash space");
    }
    byte[] bytes = in.readPayload(length);
    NodeAddress address = NodeAddress.fromBytes(Arrays.copyOfRange(bytes, 1, length));
    return new Node(address, bytes[0] != 0);
  }
}
