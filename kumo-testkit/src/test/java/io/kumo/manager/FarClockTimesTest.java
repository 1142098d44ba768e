package io.kumo.manager;

import static io.kumo.testkit.cluster.MemoryCluster.LOWER;
import static io.kumo.testkit.cluster.MemoryCluster.UPPER;
import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.core.protocol.admin.GetMembers;
import io.kumo.core.protocol.admin.LoadState;
import io.kumo.core.protocol.extended.Forward;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.ViewFlush;
import io.kumo.core.voter.VoterService;
import io.kumo.manager.membership.Addresses;
import io.kumo.testkit.cluster.CallResult;
import io.kumo.testkit.cluster.MemoryCluster;
import io.kumo.testkit.net.Endpoints;
import io.kumo.testkit.net.MemoryHost;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What neither a manager's partner nor a voter can have it go by. */
class FarClockTimesTest {
  private static final long TIMEOUT_NS = Duration.ofSeconds(5).toNanos();
  private static final long FAR = ClockTime.of(0xffff_fff0L, 1); // in 2106

  private final MemoryCluster cluster = new MemoryCluster();

  @Test
  void whatIsForwardedIsHeldToTheSameTimes() {
    cluster.startManager(LOWER, UPPER);
    MemoryHost host = cluster.startHost(UPPER);
    RpcEndpoint partner = Endpoints.of(host, Role.MANAGER);
    assertThat(forward(host, partner, new GetMembers()).error()).isNull();
    HashSpace space = HashSpace.of(List.of(new Node(Addresses.node(3), true)), 1);
    PublishedSpaces flush =
        new PublishedSpaces(new HashSpaces(space, space), new ClusterExtras(List.of(), FAR, 0));
    CallResult refused = forward(host, partner, new LoadState(flush, true, null));
    assertThat(refused.error()).isEqualTo(ErrorCode.PROTOCOL);
    assertThat(cluster.spaces(LOWER).write().nodes()).isEmpty();
  }

  /** A vote on a disk that was written when a clock was wrong, or by one who wants it so. */
  @Test
  void whoeverComesToDirectLeavesWhatAVoterAcceptedThen() {
    cluster.keepVotes().startPair();
    for (int number = 1; number <= 3; number++) {
      cluster.startMember(serverAddress(number));
    }
    cluster.runMillis(3000);
    assertThat(cluster.ask(LOWER, new AttachNewServers(true, false))).isEqualTo("c0");
    cluster.runMillis(2000);
    VoterService astray = cluster.member(serverAddress(1)).voter();
    ClusterView before = astray.installed();
    ClusterView far =
        before
            .next(before.voters(), before.electorate().managers())
            .withFlush(new ViewFlush(FAR, 0, 0));
    cluster.host(serverAddress(1)).enter(() -> astray.publish(far, LOWER, acceptance -> {}));
    cluster.kill(LOWER);
    cluster.runMillis(10_000);
    assertThat(astray.voteState().accepted().term()).isGreaterThan(before.term());
    ClusterView now = cluster.member(serverAddress(2)).voter().installed();
    assertThat(now.term()).isGreaterThan(before.term());
    assertThat(now.layout().spaces()).isEqualTo(before.layout().spaces());
    assertThat(now.flush()).isEqualTo(ViewFlush.NONE);
  }

  private CallResult forward(MemoryHost host, RpcEndpoint from, Message inner) {
    ByteBuf params = Unpooled.buffer();
    inner.encode(params);
    CallResult answer = new CallResult();
    Forward message = new Forward(inner.method().id(), params);
    host.enter(() -> from.peer(LOWER).call(message, TIMEOUT_NS, answer));
    cluster.runMillis(1000);
    return answer;
  }
}
