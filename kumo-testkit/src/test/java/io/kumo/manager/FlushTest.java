package io.kumo.manager;

import static io.kumo.manager.membership.Addresses.node;
import static io.kumo.testkit.cluster.MemoryCluster.LOWER;
import static io.kumo.testkit.cluster.MemoryCluster.UPPER;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.core.protocol.extended.FlushAll;
import io.kumo.testkit.cluster.MemoryCluster;
import io.kumo.testkit.fake.FakeMember;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** flush_all, now and later, whoever dies meanwhile. */
class FlushTest {
  private static final String TRUE = "c3";

  private final MemoryCluster cluster = new MemoryCluster();
  private FakeMember one;
  private FakeMember two;

  @BeforeEach
  void attachTwoServers() {
    cluster.startPair();
    one = cluster.startMember(node(3));
    two = cluster.startMember(node(4));
    cluster.runMillis(8000);
    cluster.ask(LOWER, new AttachNewServers(true, false));
    cluster.runMillis(1000);
  }

  private long unixSeconds() {
    return cluster.host(LOWER).time().unixMillis() / 1000;
  }

  private static long flushed(FakeMember server) {
    return server.view().extras().flushClockTime();
  }

  @Test
  void everyServerHearsOfAClockTimeGreaterThanTheirs() {
    two.setClock(ClockTime.of(unixSeconds() + 30, 7));
    assertThat(cluster.ask(LOWER, new FlushAll(0, 0))).isEqualTo(TRUE);
    assertThat(flushed(one)).isEqualTo(flushed(two)).isGreaterThan(two.clock());
  }

  @Test
  void theUpperManagerForwardsIt() {
    assertThat(cluster.ask(UPPER, new FlushAll(0, 0))).isEqualTo(TRUE);
    assertThat(flushed(one)).isEqualTo(flushed(two)).isNotZero();
  }

  @Test
  void aServerThatDoesNotTakeItFailsIt() {
    two.setDeaf(true);
    assertThat(cluster.ask(LOWER, new FlushAll(0, 0)))
        .contains("not every server has heard of the flush");
  }

  @Test
  void aClockThatIsFarAheadFlushesNothing() {
    two.setClock(ClockTime.of(unixSeconds() + 3600, 0));
    assertThat(cluster.ask(LOWER, new FlushAll(0, 0))).isNotEqualTo(TRUE);
    assertThat(flushed(one)).isZero();
  }

  @Test
  void oneThatIsDueLaterIsDoneThen() {
    assertThat(cluster.ask(LOWER, new FlushAll(unixSeconds() + 10, 0))).isEqualTo(TRUE);
    assertThat(one.view().extras().delayedFlush().dueSeconds()).isNotZero();
    cluster.runMillis(8_000);
    assertThat(flushed(one)).isZero();
    cluster.runMillis(4_000);
    assertThat(flushed(one)).isEqualTo(flushed(two)).isNotZero();
    assertThat(one.view().extras().delayedFlush().dueSeconds()).isZero();
  }

  @Test
  void aDelayCountsFromTheManagersClockAndIsOverInTime() {
    long wrongClock = 3_000_000_000L;
    assertThat(cluster.ask(LOWER, new FlushAll(wrongClock, 10))).isEqualTo(TRUE);
    cluster.runMillis(7_900);
    assertThat(flushed(one)).isZero();
    cluster.runMillis(2_000);
    assertThat(flushed(one)).isEqualTo(flushed(two)).isNotZero();
  }

  @Test
  void aLaterOrderTakesThePlaceOfAnEarlierOne() {
    cluster.ask(LOWER, new FlushAll(unixSeconds() + 5, 0));
    cluster.ask(UPPER, new FlushAll(unixSeconds() + 30, 0));
    cluster.runMillis(10_000);
    assertThat(flushed(one)).isZero();
    cluster.ask(LOWER, new FlushAll(0, 0));
    long now = flushed(one);
    cluster.runMillis(40_000);
    assertThat(flushed(one)).isEqualTo(now).isNotZero();
  }

  @Test
  void itIsDoneThoughTheManagerThatTookItIsDead() {
    cluster.ask(LOWER, new FlushAll(unixSeconds() + 5, 0));
    cluster.kill(LOWER);
    cluster.runMillis(20_000);
    assertThat(flushed(one)).isEqualTo(flushed(two)).isNotZero();
  }

  @Test
  void itIsDoneThoughBothManagersWereAwayWhenItWasDue() {
    cluster.ask(LOWER, new FlushAll(unixSeconds() + 5, 0));
    cluster.kill(LOWER);
    cluster.kill(UPPER);
    cluster.runMillis(20_000);
    assertThat(flushed(one)).isZero();
    cluster.startPair();
    cluster.runMillis(20_000);
    assertThat(flushed(one)).isEqualTo(flushed(two)).isNotZero();
  }

  @Test
  void itWaitsForAServerThatDoesNotAnswer() {
    cluster.ask(LOWER, new FlushAll(unixSeconds() + 5, 0));
    two.setDeaf(true);
    cluster.runMillis(12_000);
    assertThat(flushed(one)).isZero();
    two.setDeaf(false);
    cluster.runMillis(5_000);
    assertThat(flushed(one)).isEqualTo(flushed(two)).isNotZero();
  }
}
