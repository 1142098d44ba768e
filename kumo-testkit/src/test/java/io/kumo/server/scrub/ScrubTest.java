package io.kumo.server.scrub;

import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.metrics.ServerMetrics;
import io.kumo.server.store.Cursor;
import io.kumo.server.store.RecordVisitor;
import io.kumo.server.store.ScanLimits;
import io.kumo.server.store.StoreException;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import io.kumo.testkit.store.MemoryStore;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How often all records are read, and what is kept of that. */
class ScrubTest {
  private static final int RECORDS = 600;
  private static final int TEN_SMALL_RECORDS = 10 * 4096;

  private final MemoryNetwork network = new MemoryNetwork();
  private final MemoryHost host = network.start(serverAddress(1));
  private final ServerMetrics metrics = new ServerMetrics();
  private final FailingStore store = new FailingStore();
  private final Scrub scrub = new Scrub(host, host, store, metrics);

  @BeforeEach
  void fill() {
    for (int i = 0; i < RECORDS; i++) {
      store.update(
          Unpooled.buffer().writeLong(i * 0x9E3779B97F4A7C15L).writeInt(i),
          Unpooled.buffer().writeLong(1).writeShort(0).writeInt(i));
    }
  }

  private void run(Duration time) {
    network.events().runFor(time.toNanos());
  }

  private long scrubbed() {
    return metrics.get(ServerMetric.SCRUBBED);
  }

  @Test
  void itIsOffUntilARateIsSetAndWhenItIsSetToNothing() {
    run(Duration.ofSeconds(5));
    assertThat(scrubbed()).isZero();
    scrub.setRate(TEN_SMALL_RECORDS);
    run(Duration.ofSeconds(5));
    long before = scrubbed();
    assertThat(before).isPositive();
    scrub.setRate(0);
    run(Duration.ofSeconds(5));
    assertThat(scrubbed()).isEqualTo(before);
    assertThat(scrub.rate()).isZero();
  }

  @Test
  void aSmallRecordCountsAsAPage() {
    scrub.setRate(TEN_SMALL_RECORDS);
    run(Duration.ofSeconds(30));
    assertThat(scrubbed()).isBetween(290L, 310L);
    assertThat(scrub.progress().percent()).isBetween(40L, 60L);
    assertThat(scrub.progress().endedSeconds()).isZero();
  }

  @Test
  void aPassBeginsOnceAMinuteAndWhenTheRateIsSet() {
    scrub.setRate(64 << 20);
    run(Duration.ofSeconds(55));
    assertThat(scrubbed()).isEqualTo(RECORDS);
    assertThat(metrics.get(ServerMetric.SCRUB_PASSES)).isEqualTo(1);
    run(Duration.ofSeconds(60));
    assertThat(scrubbed()).isEqualTo(2 * RECORDS);
    scrub.setRate(32 << 20);
    run(Duration.ofSeconds(1));
    assertThat(metrics.get(ServerMetric.SCRUB_PASSES)).isEqualTo(3);
  }

  @Test
  void whoIsStartedAnewGoesOnWithinAPercent() {
    scrub.setRate(TEN_SMALL_RECORDS);
    run(Duration.ofSeconds(30));
    scrub.stop();
    Scrub next = new Scrub(host, host, store, metrics);
    assertThat(scrub.progress().percent() - next.progress().percent()).isBetween(0L, 1L);
    next.setRate(64 << 20);
    run(Duration.ofSeconds(2));
    assertThat(scrubbed()).isBetween((long) RECORDS, RECORDS + 10L);
    assertThat(next.progress().endedSeconds()).isPositive();
  }

  @Test
  void whatCannotBeReadIsPassedOver() {
    store.fails = true;
    scrub.setRate(64 << 20);
    run(Duration.ofSeconds(5));
    assertThat(scrub.progress().percent()).isPositive();
    store.fails = false;
    run(Duration.ofMinutes(1));
    assertThat(scrub.progress().endedSeconds()).isPositive();
    assertThat(scrubbed()).isBetween(1L, RECORDS - 1L);
  }

  /** A store whose disk fails for a while. */
  private static final class FailingStore extends MemoryStore {
    private boolean fails;

    @Override
    public Cursor scan(Cursor from, ScanLimits limits, RecordVisitor visitor) {
      if (fails) {
        throw new StoreException(StoreException.Code.IO, "the disk fails");
      }
      return super.scan(from, limits, visitor);
    }
  }
}
