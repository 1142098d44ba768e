package io.kumo.core.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Fence;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.admin.LoadState;
import io.kumo.core.protocol.extended.HashSpaceReport;
import io.kumo.core.protocol.original.HashSpaceSync;
import io.kumo.core.protocol.original.KeepAlive;
import io.kumo.core.protocol.original.ReplaceElection;
import io.kumo.core.protocol.original.ReplicateDelete;
import io.kumo.core.protocol.original.ReplicateSet;
import io.kumo.core.protocol.votes.CommitView;
import io.kumo.core.protocol.votes.PublishView;
import io.kumo.core.protocol.write.ExtReplicate;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.security.link.LinkRole;
import io.kumo.core.security.link.TestSecurity;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.ViewFlush;
import io.kumo.core.view.ViewId;
import io.kumo.testkit.net.Endpoints;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What not even a node that belongs to the cluster can do to the others. */
class BoundedNodesTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final long FAR = ClockTime.of(0xffff_fff0L, 1); // in 2106
  private static final NodeAddress VICTIM = NodeAddress.of(new byte[] {10, 0, 0, 1}, 1);
  private static final NodeAddress OTHER = NodeAddress.of(new byte[] {10, 0, 0, 2}, 2);
  private static final NodeAddress THIRD = NodeAddress.of(new byte[] {10, 0, 0, 3}, 3);

  private final MemoryNetwork network = new MemoryNetwork();
  private final Map<NodeAddress, MemoryHost> hosts = new HashMap<>();
  private final List<String> heard = new ArrayList<>();

  static List<Message> actsOf2106() {
    HashSpace far = HashSpace.of(List.of(new Node(VICTIM, false)), FAR);
    PublishedSpaces brick = new PublishedSpaces(new HashSpaces(far, far), ClusterExtras.NONE);
    PublishedSpaces flush =
        new PublishedSpaces(HashSpaces.EMPTY, new ClusterExtras(List.of(), FAR, 0));
    ByteBuf value = Unpooled.buffer().writeLong(FAR).writeZero(2);
    return List.of(
        new ReplicateSet(0, 0, rawKey(), value),
        new ReplicateDelete(0, 0, FAR, rawKey()),
        new ExtReplicate(FAR, 0, rawKey(), value, new Fence(0, OTHER), RequestId.NONE, null),
        new HashSpaceSync(brick, 0),
        new HashSpaceSync(flush, 0),
        new HashSpaceSync(PublishedSpaces.EMPTY, FAR),
        new HashSpaceReport(flush, true, 0),
        new KeepAlive(FAR, 0),
        new ReplaceElection(far, 0),
        new PublishView(voted(), OTHER),
        new CommitView(voted(), OTHER));
  }

  @ParameterizedTest
  @MethodSource("actsOf2106")
  void aClockTimeOf2106IsRefusedFromANode(Message act) {
    RpcEndpoint victim = victim();
    victim.handle(act.method(), Message.class, (m, caller, reply) -> heard.add("taken"));
    RpcEndpoint other = Endpoints.of(host(OTHER), Role.MANAGER);
    host(OTHER).enter(() -> other.peer(VICTIM).call(act, SECOND, noting()));
    network.events().runFor(2 * SECOND);
    assertThat(heard).containsExactly("PROTOCOL");
  }

  @Test
  void aClockTimeOf2106IsRefusedFromATool() {
    PublishedSpaces flush =
        new PublishedSpaces(HashSpaces.EMPTY, new ClusterExtras(List.of(), FAR, 0));
    RpcEndpoint victim = victim();
    victim.handle(Method.LOAD_STATE, LoadState.class, (m, caller, reply) -> heard.add("taken"));
    RpcEndpoint tool = new RpcEndpoint(host(OTHER), null, RpcOptions.DEFAULT, new Random(1));
    host(OTHER)
        .enter(() -> tool.peer(VICTIM).call(new LoadState(flush, true, null), SECOND, noting()));
    network.events().runFor(2 * SECOND);
    assertThat(heard).containsExactly("PROTOCOL");
    assertThat(victim.statistics().unproved()).isEqualTo(1);
  }

  @Test
  void aNodeSpeaksForItselfAlone() {
    MemoryHost here = host(VICTIM);
    MemoryHost there = host(OTHER);
    RpcEndpoint victim = endpoint(here, VICTIM);
    victim.addNodeListener(new Appearances(heard));
    listen(victim);
    RpcEndpoint honest = endpoint(there, OTHER);
    RpcEndpoint pretender = endpoint(there, THIRD);
    there.enter(() -> pretender.peer(VICTIM).keepConnected());
    network.events().runFor(SECOND);
    assertThat(heard).isEmpty();
    there.enter(() -> honest.peer(VICTIM).keepConnected());
    network.events().runFor(SECOND);
    assertThat(heard).containsExactly(OTHER.toString());
    assertThat(victim.statistics().connections()).isEqualTo(1);
    assertThat(victim.statistics().unproved()).isZero();
  }

  private static RpcEndpoint endpoint(MemoryHost host, NodeAddress saysItIs) {
    Identity identity = new Identity(saysItIs, Role.SERVER, Capabilities.EXTENDED, 7);
    return new RpcEndpoint(
        TestSecurity.secret(LinkRole.SERVER, "sixteen bytes or more").over(host),
        identity,
        RpcOptions.DEFAULT,
        new Random(1));
  }

  private record Appearances(List<String> heard) implements NodeListener {
    @Override
    public void nodeAppeared(Peer peer) {
      heard.add(String.valueOf(peer.address()));
    }

    @Override
    public void nodeLost(Peer peer) {
      heard.add("lost");
    }
  }

  private MemoryHost host(NodeAddress name) {
    return hosts.computeIfAbsent(name, network::start);
  }

  private RpcEndpoint victim() {
    RpcEndpoint victim = Endpoints.of(host(VICTIM), Role.SERVER);
    listen(victim);
    return victim;
  }

  private static void listen(RpcEndpoint endpoint) {
    try {
      endpoint.listen(VICTIM);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ClusterView voted() {
    ClusterView none = ClusterView.NONE;
    return new ClusterView(
        new ViewId(1, 1),
        none.cluster(),
        none.layout(),
        new ViewFlush(FAR, 0, 0),
        none.settings(),
        none.electorate());
  }

  private static ByteBuf rawKey() {
    return Unpooled.copiedBuffer("hashhashkey", UTF_8);
  }

  private ReplyHandler noting() {
    return new ReplyHandler() {
      @Override
      public void reply(ByteBuf result) {
        heard.add("answered");
      }

      @Override
      public void error(ErrorCode code, String detail) {
        heard.add(code.name());
      }
    };
  }
}
