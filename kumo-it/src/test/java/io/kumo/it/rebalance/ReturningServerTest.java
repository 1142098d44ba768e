package io.kumo.it.rebalance;

import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static io.kumo.testkit.cluster.StoredRecords.rawKey;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.server.ServerConfig;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.testkit.cluster.StoredRecords;
import io.netty.buffer.ByteBufUtil;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a server that was away is given, and what it loses, when it returns. */
class ReturningServerTest extends FilledCluster {
  @Test
  void aServerThatReturnsHasEveryOverwriteAndDeleteBeforeReadsNameIt() {
    startFilled(3);
    kill(2);
    cluster.runMillis(8000);
    for (int i = 0; i < KEYS; i += 3) {
      client.set("key" + i, "later" + i);
    }
    for (int i = 1; i < KEYS; i += 3) {
      client.delete("key" + i);
    }
    startServer(2);
    cluster.runMillis(3000);
    kumoctl.attach();
    kumoctl.settle();
    Map<String, String> returned = StoredRecords.in(store(2));
    assertThat(returned).isEqualTo(StoredRecords.in(store(1)));
    assertThat(store(2).tombstoneCount()).isEqualTo(KEYS / 3);
    assertPlaced(keys);
  }

  @Test
  void aServerThatReturnsIsSentOnlyWhatChanged() {
    startFilled(3, 2000);
    kill(2);
    cluster.runMillis(8000);
    for (int i = 0; i < 3; i++) {
      client.set("key" + 400 * i, "later");
    }
    client.delete("key100");
    client.delete("key900");
    startServer(2);
    cluster.runMillis(3000);
    kumoctl.attach();
    kumoctl.settle();
    assertThat(count(ServerMetric.COPIED)).isEqualTo(5);
    assertThat(count(ServerMetric.COPY_SPARED)).isEqualTo(1995);
    assertThat(StoredRecords.in(store(2))).isEqualTo(StoredRecords.in(store(1)));
    assertThat(store(2).tombstoneCount()).isEqualTo(2);
  }

  @Test
  void aServerThatWasReplacedByAnEmptyOneIsFilledAgain() {
    startFilled(3);
    kill(3);
    cluster.runMillis(8000);
    cluster.dropStore(serverAddress(3));
    startServer(3);
    cluster.runMillis(3000);
    kumoctl.attach();
    kumoctl.settle();
    assertThat(count(ServerMetric.COPIED)).isEqualTo(KEYS);
    assertThat(count(ServerMetric.COPY_SPARED)).isZero();
    assertPlaced(keys);
  }

  @Test
  void tombstonesAreDroppedWhenAllServersAreInStepAndOnlyThen() {
    garbage = new ServerConfig.Garbage(Duration.ofSeconds(60));
    startFilled(3);
    client.delete("key1");
    cluster.runMillis(40_000);
    assertThat(store(1).tombstoneCount()).isOne();
    cluster.runMillis(60_000);
    assertThat(store(1).tombstoneCount()).isZero();
    client.delete("key2");
    kill(3);
    cluster.runMillis(200_000);
    assertThat(store(1).tombstoneCount()).isOne();
  }

  @Test
  void aServerThatWasAwayForLongerThanTombstonesLiveIsEmptiedFirst() {
    garbage = new ServerConfig.Garbage(Duration.ofSeconds(60));
    startFilled(4);
    cluster.runMillis(30_000);
    kill(4);
    cluster.runMillis(8000);
    kumoctl.detach();
    kumoctl.settle();
    for (int i = 0; i < KEYS; i += 2) {
      client.delete("key" + i);
    }
    cluster.runMillis(200_000);
    assertThat(store(1).tombstoneCount()).isZero();
    Map<String, String> before = StoredRecords.in(store(4));
    startServer(4);
    cluster.runMillis(5000);
    kumoctl.attach();
    kumoctl.settle();
    assertThat(before).isNotEmpty();
    assertThat(oldRecords).containsOnlyKeys(serverAddress(4)).containsValue(before);
    for (int i = 0; i < KEYS; i += 2) {
      String hex = ByteBufUtil.hexDump(rawKey("key" + i));
      for (int server = 1; server <= 4; server++) {
        assertThat(StoredRecords.in(store(server))).doesNotContainKey(hex);
      }
      keys.remove("key" + i);
    }
    assertPlaced(keys);
  }

  @Test
  void aServerThatCrashesWhenItHasJustBeenFilledIsCompared() {
    garbage = new ServerConfig.Garbage(Duration.ofSeconds(60));
    startFilled(3);
    client.delete("key1");
    cluster.runMillis(120_000);
    assertThat(store(1).tombstoneCount()).isZero();
    startServer(4);
    cluster.runMillis(3000);
    kumoctl.attach();
    kumoctl.settle();
    crashAndReturn(4);
    assertThat(oldRecords).isEmpty();
  }

  @Test
  void aServerThatCrashesWhenItHasJustReturnedIsCompared() {
    garbage = new ServerConfig.Garbage(Duration.ofSeconds(60));
    startFilled(4);
    client.delete("key1");
    cluster.runMillis(120_000);
    kill(4);
    cluster.runMillis(45_000);
    startServer(4);
    cluster.runMillis(5000);
    kumoctl.attach();
    kumoctl.settle();
    client.delete("key2");
    cluster.runMillis(4500);
    crashAndReturn(4);
    assertThat(oldRecords).isEmpty();
  }

  private void crashAndReturn(int number) {
    kill(number);
    cluster.runMillis(8000);
    startServer(number);
    cluster.runMillis(5000);
    kumoctl.attach();
    kumoctl.settle();
    keys.removeAll(List.of("key1", "key2"));
    assertPlaced(keys);
  }
}
