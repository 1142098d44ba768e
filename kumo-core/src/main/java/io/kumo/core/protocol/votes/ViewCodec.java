package io.kumo.core.protocol.votes;

import io.kumo.core.protocol.Limits;
import io.kumo.core.protocol.wire.HashSpaceCodec;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.NodeAddressCodec;
import io.kumo.core.protocol.wire.RawStrings;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterId;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.Electorate;
import io.kumo.core.view.OpenRebalance;
import io.kumo.core.view.StandingOrders;
import io.kumo.core.view.ViewFlush;
import io.kumo.core.view.ViewId;
import io.kumo.core.view.ViewLayout;
import io.kumo.core.view.ViewMember;
import io.kumo.core.view.ViewSettings;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * A view in bytes: {@code [term, version, cluster, parent, layout, flush, settings, electorate]}.
 * No view is {@code nil}. Elements beyond the known ones are ignored, at every level.
 *
 * <ul>
 *   <li>layout {@code [write, read, copies, [[address, capabilities, incarnation, zone], ...],
 *       [phase, time, full, [behind, ...]], settled time]}; who is behind may be missing
 *   <li>flush {@code [time, ordered time, due seconds]}
 *   <li>settings {@code [lease ms, auto replace, votes, [paused, bytes a second, [[address, until],
 *       ...]]]}; without standing orders the last one is left out
 *   <li>electorate {@code [voters, former voters, [manager, ...], [former manager, ...]]}
 * </ul>
 */
public final class ViewCodec {
  private static final int VIEW_LENGTH = 8;
  private static final int LAYOUT_LENGTH = 6;
  private static final int MEMBER_LENGTH = 4;
  private static final int REBALANCE_LENGTH = 3;
  private static final int FLUSH_LENGTH = 3;
  private static final int SETTINGS_LENGTH = 3;
  private static final int ELECTORATE_LENGTH = 4;
  private static final int MAX_MANAGERS = 2;

  private ViewCodec() {}

  public static void write(ByteBuf out, ClusterView view) {
    if (view.isNone()) {
      MsgPack.writeNil(out);
      return;
    }
    MsgPack.writeArrayHeader(out, VIEW_LENGTH);
    writeId(out, view.id());
    MsgPack.writeUnsigned(out, view.cluster().id());
    MsgPack.writeUnsigned(out, view.cluster().parent());
    writeLayout(out, view.layout());
    MsgPack.writeArrayHeader(out, FLUSH_LENGTH);
    MsgPack.writeUnsigned(out, view.flush().time());
    MsgPack.writeUnsigned(out, view.flush().orderedTime());
    MsgPack.writeUnsigned(out, view.flush().dueSeconds());
    writeSettings(out, view.settings());
    Electorate electorate = view.electorate();
    MsgPack.writeArrayHeader(out, ELECTORATE_LENGTH);
    VoterCodec.write(out, electorate.voters());
    VoterCodec.write(out, electorate.formerVoters());
    writeAddresses(out, electorate.managers());
    writeAddresses(out, electorate.formerManagers());
  }

  public static ClusterView read(ByteBuf in) throws MalformedMessageException {
    if (MsgPack.tryReadNil(in)) {
      return ClusterView.NONE;
    }
    int extra = MsgPack.readArrayHeader(in, VIEW_LENGTH) - VIEW_LENGTH;
    ViewId id = readId(in);
    ClusterId cluster = new ClusterId(MsgPack.readUnsigned(in), MsgPack.readUnsigned(in));
    ViewLayout layout = readLayout(in);
    int more = MsgPack.readArrayHeader(in, FLUSH_LENGTH) - FLUSH_LENGTH;
    ViewFlush flush =
        new ViewFlush(MsgPack.readUnsigned(in), MsgPack.readUnsigned(in), MsgPack.readUnsigned(in));
    MsgPack.skip(in, more);
    ViewSettings settings = readSettings(in);
    Electorate electorate = readElectorate(in);
    MsgPack.skip(in, extra);
    return new ClusterView(id, cluster, layout, flush, settings, electorate);
  }

  private static void writeSettings(ByteBuf out, ViewSettings settings) {
    boolean plain = settings.orders().equals(StandingOrders.NONE);
    MsgPack.writeArrayHeader(out, plain ? SETTINGS_LENGTH : SETTINGS_LENGTH + 1);
    MsgPack.writeUnsigned(out, settings.leaseMs());
    MsgPack.writeBool(out, settings.autoReplace());
    MsgPack.writeBool(out, settings.votes());
    if (!plain) {
      StandingOrdersCodec.write(out, settings.orders());
    }
  }

  /** As two elements. */
  static void writeId(ByteBuf out, ViewId id) {
    MsgPack.writeUnsigned(out, id.term());
    MsgPack.writeUnsigned(out, id.version());
  }

  static ViewId readId(ByteBuf in) throws MalformedMessageException {
    return new ViewId(readCount(in), readCount(in));
  }

  /** A number of at most 63 bits. */
  static long readCount(ByteBuf in) throws MalformedMessageException {
    long count = MsgPack.readUnsigned(in);
    if (count < 0) {
      throw new MalformedMessageException("number of more than 63 bits");
    }
    return count;
  }

  private static void writeLayout(ByteBuf out, ViewLayout layout) {
    MsgPack.writeArrayHeader(out, LAYOUT_LENGTH);
    HashSpaceCodec.write(out, layout.spaces().write());
    HashSpaceCodec.write(out, layout.spaces().read());
    MsgPack.writeUnsigned(out, layout.copies());
    MsgPack.writeArrayHeader(out, layout.members().size());
    for (ViewMember member : layout.members()) {
      MsgPack.writeArrayHeader(out, MEMBER_LENGTH);
      NodeAddressCodec.write(out, member.address());
      MsgPack.writeU32(out, member.capabilities());
      MsgPack.writeUnsigned(out, member.incarnation());
      RawStrings.writeText(out, member.zone());
    }
    writeRebalance(out, layout.rebalance());
    MsgPack.writeUnsigned(out, layout.settledTime());
  }

  private static void writeRebalance(ByteBuf out, OpenRebalance rebalance) {
    List<NodeAddress> behind = rebalance.behind();
    MsgPack.writeArrayHeader(out, behind.isEmpty() ? REBALANCE_LENGTH : REBALANCE_LENGTH + 1);
    MsgPack.writeUnsigned(out, rebalance.phase().id());
    MsgPack.writeUnsigned(out, rebalance.time());
    MsgPack.writeBool(out, rebalance.full());
    if (!behind.isEmpty()) {
      writeAddresses(out, behind);
    }
  }

  private static ViewLayout readLayout(ByteBuf in) throws MalformedMessageException {
    int extra = MsgPack.readArrayHeader(in, LAYOUT_LENGTH) - LAYOUT_LENGTH;
    HashSpace write = HashSpaceCodec.read(in);
    HashSpace read = HashSpaceCodec.read(in);
    long copies = MsgPack.readUnsigned(in);
    if (copies != write.copies()) {
      throw new MalformedMessageException("a view of " + copies + " copies with " + write);
    }
    int count = MsgPack.readArrayHeader(in);
    if (count > Limits.MAX_NODES) {
      throw new MalformedMessageException("view of " + count + " servers");
    }
    List<ViewMember> members = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      members.add(readMember(in));
    }
    OpenRebalance rebalance = readRebalance(in);
    long settled = MsgPack.readUnsigned(in);
    MsgPack.skip(in, extra);
    HashSpaces spaces = new HashSpaces(write, read);
    return new ViewLayout(spaces, members, rebalance, settled);
  }

  private static ViewMember readMember(ByteBuf in) throws MalformedMessageException {
    int extra = MsgPack.readArrayHeader(in, MEMBER_LENGTH) - MEMBER_LENGTH;
    NodeAddress address = NodeAddressCodec.read(in);
    int capabilities = MsgPack.readU32(in);
    long incarnation = MsgPack.readUnsigned(in);
    String zone = RawStrings.readZone(in);
    MsgPack.skip(in, extra);
    return new ViewMember(address, capabilities, incarnation, zone);
  }

  private static OpenRebalance readRebalance(ByteBuf in) throws MalformedMessageException {
    int extra = MsgPack.readArrayHeader(in, REBALANCE_LENGTH) - REBALANCE_LENGTH;
    OpenRebalance.Phase phase = phase(MsgPack.readUnsigned(in));
    long time = MsgPack.readUnsigned(in);
    boolean full = MsgPack.readBool(in);
    List<NodeAddress> behind = extra > 0 ? readAddresses(in, Limits.MAX_NODES) : List.of();
    MsgPack.skip(in, extra - 1);
    return new OpenRebalance(phase, time, full, behind);
  }

  private static OpenRebalance.Phase phase(long id) throws MalformedMessageException {
    for (OpenRebalance.Phase phase : OpenRebalance.Phase.values()) {
      if (phase.id() == id) {
        return phase;
      }
    }
    throw new MalformedMessageException("no phase of a rebalance: " + id);
  }

  private static ViewSettings readSettings(ByteBuf in) throws MalformedMessageException {
    int extra = MsgPack.readArrayHeader(in, SETTINGS_LENGTH) - SETTINGS_LENGTH;
    long leaseMs = MsgPack.readUnsigned(in);
    if (leaseMs < 1 || leaseMs > ViewSettings.MAX_LEASE_MS) {
      throw new MalformedMessageException("no lease length: " + leaseMs);
    }
    boolean autoReplace = MsgPack.readBool(in);
    boolean votes = MsgPack.readBool(in);
    StandingOrders orders = extra > 0 ? StandingOrdersCodec.read(in) : StandingOrders.NONE;
    MsgPack.skip(in, extra - 1);
    return new ViewSettings(leaseMs, autoReplace, votes, orders);
  }

  private static Electorate readElectorate(ByteBuf in) throws MalformedMessageException {
    int extra = MsgPack.readArrayHeader(in, ELECTORATE_LENGTH) - ELECTORATE_LENGTH;
    Electorate electorate =
        new Electorate(
            VoterCodec.readVoters(in),
            VoterCodec.readVoters(in),
            readAddresses(in, MAX_MANAGERS),
            readAddresses(in, MAX_MANAGERS));
    MsgPack.skip(in, extra);
    return electorate;
  }

  private static void writeAddresses(ByteBuf out, List<NodeAddress> nodes) {
    MsgPack.writeArrayHeader(out, nodes.size());
    nodes.forEach(node -> NodeAddressCodec.write(out, node));
  }

  private static List<NodeAddress> readAddresses(ByteBuf in, int most)
      throws MalformedMessageException {
    int count = MsgPack.readArrayHeader(in);
    if (count > most) {
      throw new MalformedMessageException("list of " + count + " nodes where " + most + " may be");
    }
    List<NodeAddress> nodes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      nodes.add(NodeAddressCodec.read(in));
    }
    return nodes;
  }
}
