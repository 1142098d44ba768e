package io.kumo.server.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.server.store.Store;
import io.kumo.testkit.store.MemoryStore;
import org.junit.jupiter.api.Test;

class ServerStateTest {
  private final Store store = new MemoryStore();

  @Test
  void anEmptyDiskSaysNothingOfAnOrderlyStop() {
    assertThat(new ServerState(store).isClean()).isFalse();
  }

  @Test
  void aViewForThisProcessMakesItsRecordsWhole() {
    ServerState state = new ServerState(store);
    state.viewInstalled(false);
    assertThat(state.isClean()).isFalse();
    state.viewInstalled(true);
    assertThat(state.isClean()).isTrue();
  }

  @Test
  void anOrderlyStopIsSeenByTheNextProcessAndACrashByTheOneAfter() {
    ServerState state = new ServerState(store);
    state.markRunning();
    assertThat(new ServerState(store).isClean()).isFalse();
    state.markStopped(Runnable::run, () -> {});
    ServerState next = new ServerState(store);
    assertThat(next.isClean()).isTrue();
    next.markRunning();
    assertThat(new ServerState(store).isClean()).isFalse();
  }
}
