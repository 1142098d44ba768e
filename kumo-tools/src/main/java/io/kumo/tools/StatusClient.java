package io.kumo.tools;

import io.kumo.core.protocol.admin.GetNodesInfo;
import io.kumo.core.protocol.admin.GetStatus;
import io.kumo.core.protocol.admin.NodesInfo;
import io.kumo.core.protocol.admin.SetConfig;
import io.kumo.core.protocol.admin.StatusField;
import io.kumo.core.protocol.wire.HashSpaceCodec;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;

/** What a server or a manager can be asked about itself, over an open connection. */
public final class StatusClient {

  private StatusClient() {}

  /** Unsigned 64 bits. */
  public static long number(RpcClient server, StatusField command) {
    return server.call(new GetStatus(command.id()), StatusClient::readNumber);
  }

  private static long readNumber(ByteBuf in) throws MalformedMessageException {
    return MsgPack.readUnsigned(in);
  }

  public static String text(RpcClient server, StatusField command) {
    return server.call(new GetStatus(command.id()), RawStrings::readText);
  }

  public static HashSpace hashSpace(RpcClient server, StatusField command) {
    return server.call(new GetStatus(command.id()), HashSpaceCodec::read);
  }

  /** What a server does in a rebalance, in the word that kumofs 0.4.13 has for it. */
  public static String replaceState(RpcClient server) {
    long bits = number(server, StatusField.REPLACE_STATE);
    if ((bits & StatusField.INACTIVE) != 0) {
      return "inactive";
    }
    if ((bits & StatusField.DELETING) != 0) {
      return "Deleting";
    }
    if ((bits & StatusField.COPYING) != 0) {
      return "Copying";
    }
    return (bits & StatusField.SPACES_DIFFER) != 0 ? "WAIT" : "ready";
  }

  /** Returns the number of sockets changed. */
  public static long setNoDelay(RpcClient server, boolean noDelay) {
    ByteBuf argument = Unpooled.buffer(1);
    MsgPack.writeBool(argument, noDelay);
    return server.call(new SetConfig(SetConfig.TCP_NODELAY, argument), StatusClient::readNumber);
  }

  public static NodesInfo nodes(RpcClient manager) {
    return manager.call(new GetNodesInfo(), NodesInfo::read);
  }

  public static List<NodeAddress> activeServers(RpcClient manager) {
    return nodes(manager).hashSpace().nodes().stream()
        .filter(Node::active)
        .map(Node::address)
        .toList();
  }
}
