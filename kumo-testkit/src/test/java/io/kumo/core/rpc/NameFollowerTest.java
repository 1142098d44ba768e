package io.kumo.core.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.Role;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.Cancellable;
import io.kumo.testkit.net.Endpoints;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NameFollowerTest {
  private static final NodeAddress FIRST = address(1);
  private static final NodeAddress SECOND = address(2);

  private final MemoryNetwork network = new MemoryNetwork();
  private final MemoryHost host = network.start(address(9));
  private final RpcEndpoint endpoint =
      new RpcEndpoint(host, null, RpcOptions.DEFAULT, new Random(1));
  private final Map<String, NodeAddress> names = new HashMap<>();
  private final List<String> moves = new ArrayList<>();
  private int lookUps;

  private static NodeAddress address(int last) {
    return NodeAddress.of(new byte[] {10, 0, 0, (byte) last}, 19700);
  }

  private Cancellable follow(NamedNode name) {
    return NameFollower.follow(
        endpoint,
        name,
        (asked, port, found) -> {
          lookUps++;
          found.accept(names.get(asked));
        },
        (before, now) -> {
          moves.add(before + " " + now);
          endpoint.peer(now).keepConnected();
        });
  }

  private void run(int seconds) {
    network.events().runFor(Duration.ofSeconds(seconds).toNanos());
  }

  private void listen(NodeAddress where) throws IOException {
    Endpoints.of(network.start(where), Role.MANAGER).listen(where);
  }

  @Test
  void aNameThatMeansNothingYetIsLookedUpUntilItDoes() throws IOException {
    listen(FIRST);
    follow(new NamedNode("m1", 19700, null));
    run(20);
    assertThat(moves).isEmpty();
    names.put("m1", FIRST);
    run(5);
    assertThat(moves).containsExactly("null " + FIRST);
  }

  @Test
  void aNameIsLeftAloneWhileThereIsAConnectionUnderIt() throws IOException {
    listen(FIRST);
    names.put("m1", FIRST);
    follow(new NamedNode("m1", 19700, FIRST));
    endpoint.peer(FIRST).keepConnected();
    run(5);
    int before = lookUps;
    names.put("m1", SECOND);
    run(60);
    assertThat(lookUps).isEqualTo(before);
    assertThat(moves).isEmpty();

    network.kill(FIRST);
    listen(SECOND);
    run(10);
    assertThat(moves).containsExactly(FIRST + " " + SECOND);
  }

  @Test
  void nothingIsLookedUpOnceCancelled() {
    Cancellable following = follow(new NamedNode("m1", 19700, null));
    following.cancel();
    run(20);
    assertThat(lookUps).isOne();
  }
}
