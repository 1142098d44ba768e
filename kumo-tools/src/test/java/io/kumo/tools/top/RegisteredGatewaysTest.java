package io.kumo.tools.top;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.admin.GetNodesInfo;
import io.kumo.core.protocol.admin.NodesInfo;
import io.kumo.core.protocol.status.Gateways;
import io.kumo.core.protocol.status.GetGateways;
import io.kumo.core.protocol.status.NodeStatus;
import io.kumo.core.protocol.status.RingState;
import io.kumo.core.protocol.wire.Frames;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ViewId;
import io.kumo.tools.FakePeer;
import io.kumo.tools.NodeOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RegisteredGatewaysTest {
  private static Gateways.Gateway gateway(String address, String from) {
    RingState ring = new RingState(1, 2);
    return new Gateways.Gateway(
        from,
        5,
        new NodeStatus(
            address, "1", "routing", "open", 1, ring, ring, ViewId.NONE, false, 1, 2, 3));
  }

  private static List<String> asked(Gateways.Gateway... gateways) {
    return RegisteredGateways.addresses(new Gateways(List.of(gateways))).stream()
        .map(a -> NodeAddress.of(a).toString())
        .toList();
  }

  @Test
  void onlyThoseAreAskedThatCanBeReached() {
    assertThat(
            asked(
                gateway("127.0.0.1:11211", "127.0.0.1:50000"),
                gateway("127.0.0.1:11211", "10.0.0.7:50000"),
                gateway("0.0.0.0:11411", "10.0.0.8:50000"),
                gateway("10.0.0.9:11211", "10.0.0.9:50000"),
                gateway("", "10.0.0.9:50000"),
                gateway("some.host:11211", "10.0.0.9:50000")))
        .containsExactly("127.0.0.1:11211", "10.0.0.8:11411", "10.0.0.9:11211");
    Gateways.Gateway[] many =
        IntStream.range(0, 99)
            .mapToObj(i -> gateway("10.0.0.9:" + (1000 + i), "10.0.0.9:1"))
            .toArray(Gateways.Gateway[]::new);
    assertThat(asked(many)).hasSize(RegisteredGateways.MAX_ASKED);
  }

  @Test
  void aManagerTellsOfThem() throws IOException {
    NodeAddress nobody = NodeAddress.of(new byte[] {127, 0, 0, 1}, 1);
    try (FakePeer manager =
        new FakePeer(
            (id, message, out) -> {
              if (message instanceof GetNodesInfo) {
                Frames.responseHeader(out, id);
                HashSpace one = HashSpace.of(List.of(new Node(nobody, true)), 1);
                new NodesInfo(one, List.of()).write(out);
              } else if (message instanceof GetGateways) {
                Frames.responseHeader(out, id);
                new Gateways(List.of(gateway("127.0.0.1:2", "127.0.0.1:50000"))).write(out);
              } else {
                Frames.errorResponse(out, id, ErrorCode.PROTOCOL);
              }
            })) {
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), manager.port());
      try (TopPoller poller =
          new TopPoller(address, List.of(), List.of(), new NodeOptions(), TimeSource.system())) {
        assertThat(poller.look().gateways())
            .singleElement()
            .satisfies(row -> assertThat(row.gateway()).isEqualTo("127.0.0.1:2"));
      }
    }
  }
}
