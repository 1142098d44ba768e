package io.kumo.server.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.original.KeepAlive;
import io.kumo.core.protocol.store.CompactStore;
import io.kumo.core.protocol.store.GetStoreUsage;
import io.kumo.core.protocol.store.StoreTask;
import io.kumo.core.protocol.store.StoreUsage;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.server.ThrowingStore;
import io.kumo.server.admin.StoreHandlers;
import io.kumo.server.metrics.ServerMetrics;
import io.kumo.server.view.ViewHolder;
import io.kumo.testkit.cluster.MemoryCluster;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.store.MemoryStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Work that throws is counted, and is not taken for work under way from then on. */
class ThrowingWorkTest {
  private static final NodeAddress SELF = MemoryCluster.serverAddress(1);

  private final MemoryCluster cluster = new MemoryCluster();
  private final MemoryHost host = cluster.startHost(SELF);

  private StoreTask taskAfterCompact(Executor executor) throws IOException {
    RuntimeException planted = new IllegalStateException("planted by a test");
    RpcEndpoint server = new RpcEndpoint(host, null, RpcOptions.DEFAULT, new Random(2));
    new StoreHandlers(
            server,
            ThrowingStore.of(new MemoryStore(), "compact", 1, planted),
            Path.of("store"),
            executor)
        .register();
    server.listen(SELF);
    cluster.call(SELF, new CompactStore());
    try {
      return StoreUsage.read(cluster.call(SELF, new GetStoreUsage()).result()).task();
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aTaskThatThrowsHasFailed() throws IOException {
    cluster.network().expectBugs();
    StoreTask task = taskAfterCompact(host.guard().guarding("work", Runnable::run));
    assertThat(task.state()).isEqualTo(StoreTask.FAILED);
    assertThat(task.detail()).contains("a bug");
    assertThat(host.guard().bugs()).isEqualTo(1);
  }

  @Test
  void aTaskThatNobodyTakesHasFailed() throws IOException {
    boolean[] full = {true};
    StoreTask task =
        taskAfterCompact(
            work -> {
              if (full[0]) {
                full[0] = false;
                throw new RejectedExecutionException("full");
              }
              work.run();
            });
    assertThat(task.state()).isEqualTo(StoreTask.FAILED);
    assertThat(task.detail()).contains("too much else to do");
  }

  @Test
  void housekeepingGoesOnAfterItThrew() {
    cluster.network().expectBugs();
    RuntimeException planted = new IllegalStateException("planted by a test");
    Watermarks watermarks =
        new Watermarks(ThrowingStore.of(new MemoryStore(), "putState", 2, planted), 10);
    ViewHolder spaces = new ViewHolder(SELF, PublishedSpaces.EMPTY);
    HashSpace attached = HashSpace.of(List.of(new Node(SELF, true)), 2);
    ManagerContact contact = new ManagerContact();
    host.setSkewMillis(Duration.ofDays(1).toMillis());
    long contactNs = Duration.ofSeconds(6).toNanos();
    WatermarkKeeper keeper =
        new WatermarkKeeper(host.time(), spaces.lifecycle(), watermarks, contact, () -> contactNs);
    TombstoneGc gc =
        new TombstoneGc(
            new MemoryStore(),
            watermarks,
            SELF,
            spaces::view,
            3600,
            LifecycleRules.SOUND,
            new ServerMetrics(),
            (write, clockTime, told) -> told.accept(true));
    new Housekeeping(host, host, keeper, gc).start();
    spaces.offer(new HashSpaces(attached, attached));
    for (int second = 0; second < 30; second++) {
      long nowMs = host.time().unixMillis();
      contact.heard(new KeepAlive(0, nowMs, 2), 2, nowMs, host.time().nanoTime());
      cluster.run(Duration.ofSeconds(1));
    }
    assertThat(host.guard().bugs()).isEqualTo(2);
    assertThat(watermarks.applied()).isNotZero();
  }
}
