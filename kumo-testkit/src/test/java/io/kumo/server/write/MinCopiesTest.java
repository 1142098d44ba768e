package io.kumo.server.write;

import static io.kumo.testkit.cluster.MemoryCluster.LOWER;
import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.write.MutateResult;
import io.kumo.core.protocol.write.MutateStatus;
import io.kumo.core.protocol.write.Operation;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.ServerConfig;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.rejoin.OldRecords;
import io.kumo.server.write.round.WriteLimits;
import io.kumo.testkit.cluster.MemoryCluster;
import io.kumo.testkit.cluster.RecordClient;
import io.kumo.testkit.cluster.Rings;
import org.junit.jupiter.api.Test;

/** Writes to keys of which fewer servers are active than {@code --min-copies} asks for. */
class MinCopiesTest {
  private static final String KEY = "key";

  private final MemoryCluster cluster = new MemoryCluster().keepVotes();
  private final RecordClient client = new RecordClient(cluster);

  private void start(int servers, int minCopies) {
    cluster.startManager(LOWER, null);
    for (int number = 1; number <= servers; number++) {
      ServerConfig config = MemoryCluster.serverConfig(serverAddress(number), LOWER);
      WriteLimits limits = config.writes().withMinCopies(minCopies);
      cluster.startServer(config.withWrites(limits), OldRecords.LET_GO);
    }
    cluster.runMillis(5000);
    cluster.ask(LOWER, new AttachNewServers(true, false));
    cluster.runMillis(10_000);
  }

  private NodeAddress coordinator() {
    return Rings.coordinator(cluster.spaces(LOWER).write(), KEY);
  }

  private MutateResult write(Operation operation) throws MalformedMessageException {
    return client.mutate(coordinator(), operation, KEY, "value");
  }

  private void killReplicas(int count) {
    NodeAddress stays = coordinator();
    cluster.serverAddresses().stream()
        .filter(server -> !server.equals(stays))
        .limit(count)
        .toList()
        .forEach(
            server -> {
              cluster.kill(server);
              cluster.runMillis(20_000);
            });
  }

  @Test
  void writesGoOnWhileThereAreEnough() throws Exception {
    start(3, 2);
    killReplicas(1);
    assertThat(write(Operation.SET).status()).isEqualTo(MutateStatus.STORED);
  }

  @Test
  void withFewerTheClientIsToldWhyAndReadsGoOn() throws Exception {
    start(3, 2);
    assertThat(write(Operation.SET).status()).isEqualTo(MutateStatus.STORED);
    killReplicas(2);

    MutateResult refused = write(Operation.DELETE);
    assertThat(refused.status()).isEqualTo(MutateStatus.FAILED);
    assertThat(refused.reason())
        .isEqualTo("too few copies: 1 active of the 2 that --min-copies asks for");
    assertThat(client.get(coordinator(), KEY)).isEqualTo("value");
    assertThat(cluster.server(coordinator()).metrics().get(ServerMetric.TOO_FEW_COPIES)).isOne();
  }

  @Test
  void whatChangesNothingIsAnsweredAsEver() throws Exception {
    start(2, 2);
    write(Operation.SET);
    killReplicas(1);
    assertThat(write(Operation.ADD).status()).isEqualTo(MutateStatus.NOT_STORED);
  }

  @Test
  void aReplicaThatIsLostMeanwhileIsNotVouchedFor() throws Exception {
    start(2, 2);
    NodeAddress stays = coordinator();
    killSilently(stays);
    assertThat(write(Operation.SET).reason()).startsWith("too few copies: 1 active");
  }

  /** The write below is under way when the manager marks the other server. */
  private void killSilently(NodeAddress stays) {
    cluster.serverAddresses().stream()
        .filter(server -> !server.equals(stays))
        .toList()
        .forEach(cluster::kill);
  }

  @Test
  void byDefaultOneIsEnough() throws Exception {
    start(2, 1);
    killReplicas(1);
    assertThat(write(Operation.SET).status()).isEqualTo(MutateStatus.STORED);
  }
}
