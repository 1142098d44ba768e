package io.kumo.core.protocol;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.ObjectPacking;
import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.msgpack.core.MessagePacker;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.ValueType;

/**
 * The element that extended managers add to the hash spaces: {@code [[[address, capabilities,
 * incarnation, zone], ...], flush ClockTime, completed ClockTime]}; a fourth, {@code [version, due
 * unix seconds]}, once a flush has been delayed, and a fifth, the managers, once an operator has
 * named some. Either is nil where only what follows is there.
 *
 * @param flushClockTime records up to it are absent; 0 if there was no flush_all
 * @param completedClockTime of the write hash space by which every server has removed what it does
 *     not own; while it is that of the present one, and no node is fault, tombstones may be dropped
 * @param managers whom to follow
 */
public record ClusterExtras(
    List<NodeExtras> nodes,
    long flushClockTime,
    long completedClockTime,
    DelayedFlush delayedFlush,
    ManagerList managers) {
  /** What kumofs 0.4.13 knows; not written at all. */
  public static final ClusterExtras NONE = new ClusterExtras(List.of(), 0, 0);

  private static final int LENGTH = 3;
  private static final int NODE_LENGTH = 3;
  private static final int DELAYED_LENGTH = 2;

  public ClusterExtras {
    nodes = List.copyOf(nodes);
  }

  public ClusterExtras(List<NodeExtras> nodes, long flushClockTime, long completedClockTime) {
    this(nodes, flushClockTime, completedClockTime, DelayedFlush.NONE);
  }

  public ClusterExtras(
      List<NodeExtras> nodes, long flushClockTime, long completedClockTime, DelayedFlush delayed) {
    this(nodes, flushClockTime, completedClockTime, delayed, ManagerList.NONE);
  }

  public boolean isPresent() {
    return !nodes.isEmpty()
        || flushClockTime != 0
        || completedClockTime != 0
        || delayedFlush.version() != 0
        || managers.isPresent();
  }

  public Optional<NodeExtras> find(NodeAddress address) {
    return nodes.stream().filter(node -> node.address().equals(address)).findFirst();
  }

  public ClusterExtras withNodes(List<NodeExtras> known) {
    return new ClusterExtras(known, flushClockTime, completedClockTime, delayedFlush, managers);
  }

  public ClusterExtras withFlushClockTime(long clockTime) {
    return new ClusterExtras(nodes, clockTime, completedClockTime, delayedFlush, managers);
  }

  /** The later of its flush and the order for one. */
  public long latestClockTime() {
    return ClockTime.max(flushClockTime, delayedFlush.version());
  }

  /** The same with the later of both flushes, and the later of both orders for one. */
  public ClusterExtras withFlushesOf(ClusterExtras other) {
    boolean replaced = other.delayedFlush.replaces(delayedFlush);
    return new ClusterExtras(
        nodes,
        ClockTime.max(flushClockTime, other.flushClockTime),
        completedClockTime,
        replaced ? other.delayedFlush : delayedFlush,
        managers);
  }

  public ClusterExtras withManagers(ManagerList list) {
    return new ClusterExtras(nodes, flushClockTime, completedClockTime, delayedFlush, list);
  }

  public static ClusterExtras read(ByteBuf in) throws MalformedMessageException {
    return ObjectPacking.unpack(in, ClusterExtras::read);
  }

  public void write(ByteBuf out) {
    ObjectPacking.pack(out, this::write);
  }

  private static ClusterExtras read(MessageUnpacker in)
      throws IOException, MalformedMessageException {
    int extra = ObjectPacking.unpackArrayHeader(in, LENGTH, Limits.MAX_ARRAY_LENGTH) - LENGTH;
    int count = ObjectPacking.unpackArrayHeader(in, 0, Limits.MAX_NODES);
    List<NodeExtras> nodes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      nodes.add(readNode(in));
    }
    long flushClockTime = ObjectPacking.unpackUnsigned(in);
    long completedClockTime = ObjectPacking.unpackUnsigned(in);
    DelayedFlush delayed = DelayedFlush.NONE;
    ManagerList managers = ManagerList.NONE;
    if (extra > 0 && in.getNextFormat().getValueType() == ValueType.ARRAY) {
      delayed = readDelayed(in);
    } else {
      in.skipValue(Math.min(1, extra));
    }
    if (extra > 1) {
      managers = ManagerList.read(in);
    }
    in.skipValue(Math.max(0, extra - 2));
    return new ClusterExtras(nodes, flushClockTime, completedClockTime, delayed, managers);
  }

  private static DelayedFlush readDelayed(MessageUnpacker in)
      throws IOException, MalformedMessageException {
    int extra =
        ObjectPacking.unpackArrayHeader(in, DELAYED_LENGTH, Limits.MAX_ARRAY_LENGTH)
            - DELAYED_LENGTH;
    long version = ObjectPacking.unpackUnsigned(in);
    long dueSeconds = ObjectPacking.unpackUnsigned(in);
    in.skipValue(extra);
    return new DelayedFlush(version, dueSeconds);
  }

  private static NodeExtras readNode(MessageUnpacker in)
      throws IOException, MalformedMessageException {
    int extra =
        ObjectPacking.unpackArrayHeader(in, NODE_LENGTH, Limits.MAX_ARRAY_LENGTH) - NODE_LENGTH;
    NodeAddress address = ObjectPacking.unpackAddress(in);
    int capabilities = (int) ObjectPacking.unpackUnsigned(in);
    long incarnation = ObjectPacking.unpackUnsigned(in);
    String zone = extra > 0 ? ObjectPacking.unpackText(in, Limits.MAX_ZONE_BYTES) : "";
    in.skipValue(Math.max(0, extra - 1));
    return new NodeExtras(address, capabilities, incarnation, zone);
  }

  private void write(MessagePacker out) throws IOException {
    boolean delayed = delayedFlush.version() != 0;
    int extra = managers.isPresent() ? 2 : delayed ? 1 : 0;
    out.packArrayHeader(LENGTH + extra).packArrayHeader(nodes.size());
    for (NodeExtras node : nodes) {
      boolean zone = !node.zone().isEmpty();
      out.packArrayHeader(zone ? NODE_LENGTH + 1 : NODE_LENGTH);
      ObjectPacking.packAddress(out, node.address());
      out.packLong(Integer.toUnsignedLong(node.capabilities()));
      ObjectPacking.packUnsigned(out, node.incarnation());
      if (zone) {
        ObjectPacking.packText(out, node.zone());
      }
    }
    ObjectPacking.packUnsigned(out, flushClockTime);
    ObjectPacking.packUnsigned(out, completedClockTime);
    if (delayed) {
      out.packArrayHeader(DELAYED_LENGTH);
      ObjectPacking.packUnsigned(out, delayedFlush.version());
      ObjectPacking.packUnsigned(out, delayedFlush.dueSeconds());
    } else if (extra > 0) {
      out.packNil();
    }
    if (managers.isPresent()) {
      managers.write(out);
    }
  }
}
