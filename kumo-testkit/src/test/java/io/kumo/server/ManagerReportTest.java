package io.kumo.server;

import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static io.kumo.testkit.cluster.Rings.space;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.extended.HashSpaceReport;
import io.kumo.core.protocol.original.HashSpaceRequest;
import io.kumo.core.protocol.original.KeepAlive;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.testkit.cluster.CallResult;
import io.kumo.testkit.cluster.MemoryCluster;
import io.kumo.testkit.net.Endpoints;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a server shows managers of what it knows. */
class ManagerReportTest {
  private static final NodeAddress MANAGER = NodeAddress.fromBits(19700, serverAddress(9).ipv4());
  private static final NodeAddress SERVER = serverAddress(1);
  private static final HashSpace OLDER = space(1L << 32, SERVER);
  private static final HashSpace NEWER = space(2L << 32, SERVER);

  private final MemoryCluster cluster = new MemoryCluster();
  private final List<HashSpaces> shown = new ArrayList<>();
  private RpcEndpoint manager;

  @BeforeEach
  void startManager() throws IOException {
    manager = Endpoints.of(cluster.startHost(MANAGER), Role.MANAGER);
    manager.handle(Method.KEEP_ALIVE, KeepAlive.class, (m, caller, reply) -> reply.nil());
    manager.handle(
        Method.HASH_SPACE_REQUEST, HashSpaceRequest.class, (m, caller, reply) -> reply.nil());
    manager.handle(
        Method.HASH_SPACE_REPORT,
        HashSpaceReport.class,
        (m, caller, reply) -> {
          shown.add(m.view().spaces());
          reply.nil();
        });
    manager.listen(MANAGER);
  }

  @Test
  void whatIsNotDurableYetIsShownToo() {
    ServerNode server = cluster.startServer(SERVER, MANAGER);
    server.spaces().persistWith((view, durable) -> {});
    server.spaces().offer(new HashSpaces(NEWER, OLDER));
    cluster.run(Duration.ofSeconds(1));
    assertThat(server.spaces().current()).isEqualTo(HashSpaces.EMPTY);
    assertThat(shown).containsExactly(new HashSpaces(NEWER, OLDER));
  }

  @Test
  void aManagerThatGoesByOlderHashSpacesIsShownNewerOnesOnce() {
    ServerNode server = cluster.startServer(SERVER, MANAGER);
    server.spaces().offer(new HashSpaces(OLDER, OLDER));
    cluster.run(Duration.ofSeconds(1));
    keepAlive(OLDER);
    assertThat(shown).containsExactly(new HashSpaces(OLDER, OLDER));
    server.spaces().offer(new HashSpaces(NEWER, OLDER));
    keepAlive(OLDER);
    keepAlive(OLDER);
    assertThat(shown).containsExactly(new HashSpaces(OLDER, OLDER), new HashSpaces(NEWER, OLDER));
  }

  @Test
  void aManagerThatIsUpToDateIsShownNothing() {
    ServerNode server = cluster.startServer(SERVER, MANAGER);
    cluster.run(Duration.ofSeconds(1));
    server.spaces().offer(new HashSpaces(NEWER, NEWER));
    keepAlive(NEWER);
    assertThat(shown).containsExactly(HashSpaces.EMPTY);
  }

  private void keepAlive(HashSpace write) {
    cluster.run(Duration.ofMillis(100));
    Message sign = new KeepAlive(1, 1, write.clockTime());
    CallResult answer = new CallResult();
    manager.peer(SERVER).call(sign, Duration.ofSeconds(1).toNanos(), answer);
    cluster.run(Duration.ofMillis(100));
    assertThat(answer.error()).isNull();
  }
}
