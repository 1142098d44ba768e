package io.kumo.core.protocol.status;

import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.kumo.core.view.ViewId;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * What a manager, server or gateway says of itself: {@code [address, version, state, security,
 * uptime, write ring, read ring, [term, version], lease, changed, connections, operations, [link,
 * ...]]}, a ring as in {@link RingState}, a link as in {@link NodeLink}. Elements beyond these are
 * ignored; nodes before 1.0 do not tell of links.
 *
 * @param address where others reach it; a gateway's is where clients connect
 * @param version of the program
 * @param state in a word or two
 * @param security how its links to other nodes and tools are protected: {@code open} for not at all
 * @param uptimeSeconds of the process
 * @param view the installed one that was voted on; {@link ViewId#NONE} where there is none
 * @param lease whether it may coordinate its keys now
 * @param changedMs when it took its hash spaces over, in Unix milliseconds; 0 for never
 * @param connections of clients; 0 for others than gateways
 * @param operations of clients since its start; 0 for others than gateways
 * @param links to other nodes and tools, and what protects each
 */
public record NodeStatus(
    String address,
    String version,
    String state,
    String security,
    long uptimeSeconds,
    RingState write,
    RingState read,
    ViewId view,
    boolean lease,
    long changedMs,
    long connections,
    long operations,
    List<NodeLink> links) {
  private static final int LEAST_LENGTH = 12;
  private static final int LENGTH = 13;
  private static final int VIEW_LENGTH = 2;

  public NodeStatus {
    links = List.copyOf(links);
  }

  /** Of one that says nothing of its links. */
  public NodeStatus(
      String address,
      String version,
      String state,
      String security,
      long uptimeSeconds,
      RingState write,
      RingState read,
      ViewId view,
      boolean lease,
      long changedMs,
      long connections,
      long operations) {
    this(
        address,
        version,
        state,
        security,
        uptimeSeconds,
        write,
        read,
        view,
        lease,
        changedMs,
        connections,
        operations,
        List.of());
  }

  public static NodeStatus read(ByteBuf in) throws MalformedMessageException {
    int length = MsgPack.readArrayHeader(in, LEAST_LENGTH);
    NodeStatus status =
        new NodeStatus(
            RawStrings.readText(in),
            RawStrings.readText(in),
            RawStrings.readText(in),
            RawStrings.readText(in),
            MsgPack.readUnsigned(in),
            RingState.read(in),
            RingState.read(in),
            readView(in),
            MsgPack.readBool(in),
            MsgPack.readUnsigned(in),
            MsgPack.readUnsigned(in),
            MsgPack.readUnsigned(in),
            length < LENGTH ? List.of() : NodeLinks.read(in));
    MsgPack.skip(in, Math.max(0, length - LENGTH));
    return status;
  }

  private static ViewId readView(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, VIEW_LENGTH);
    long term = MsgPack.readUnsigned(in);
    long version = MsgPack.readUnsigned(in);
    if (term < 0 || version < 0) {
      throw new MalformedMessageException("no view id");
    }
    return new ViewId(term, version);
  }

  public void write(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    RawStrings.writeText(out, address);
    RawStrings.writeText(out, version);
    RawStrings.writeText(out, state);
    RawStrings.writeText(out, security);
    MsgPack.writeUnsigned(out, uptimeSeconds);
    write.write(out);
    read.write(out);
    MsgPack.writeArrayHeader(out, VIEW_LENGTH);
    MsgPack.writeUnsigned(out, view.term());
    MsgPack.writeUnsigned(out, view.version());
    MsgPack.writeBool(out, lease);
    MsgPack.writeUnsigned(out, changedMs);
    MsgPack.writeUnsigned(out, connections);
    MsgPack.writeUnsigned(out, operations);
    NodeLinks.write(out, links);
  }
}
