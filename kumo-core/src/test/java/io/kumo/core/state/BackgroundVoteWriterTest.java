package io.kumo.core.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.net.EventLoops;
import io.kumo.core.net.IoKind;
import io.kumo.core.net.NettyTransport;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.SampleViews;
import io.kumo.core.vote.VoteRules;
import io.kumo.core.vote.VoteState;
import io.kumo.core.vote.VoteStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackgroundVoteWriterTest {
  @TempDir private Path folder;

  private final EventLoops loops = new EventLoops("test", 1, IoKind.NIO);
  private final NettyTransport transport = new NettyTransport(loops, TimeSource.system());
  private final List<String> durable = new CopyOnWriteArrayList<>();

  @AfterEach
  void stop() {
    loops.close();
  }

  private VoteFile open() throws IOException {
    return VoteFile.open(VoteRules.SOUND, folder, SampleViews.S1, 7, () -> 42);
  }

  private static VoteState term(VoteState state, long term) {
    return new VoteState(state.self(), state.process(), term, ClusterView.NONE);
  }

  /** Stands still until it is let go, and fails when it is told to. */
  private static final class SlowStore implements VoteStore {
    private final VoteStore disk;
    private final CountDownLatch go = new CountDownLatch(1);
    private final List<Long> saved = new CopyOnWriteArrayList<>();
    private volatile boolean failing;

    SlowStore(VoteStore disk) {
      this.disk = disk;
    }

    @Override
    public VoteState state() {
      return disk.state();
    }

    @Override
    public void save(VoteState state) throws IOException {
      try {
        go.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      saved.add(state.term());
      if (failing) {
        throw new IOException("no space");
      }
      disk.save(state);
    }
  }

  @Test
  void tellsOnTheLoopAndInOrderWhatIsOnDisk() throws IOException {
    try (VoteFile file = open();
        BackgroundVoteWriter writer = new BackgroundVoteWriter(file, transport)) {
      for (long term = 1; term <= 50; term++) {
        String told = "term " + term;
        writer.save(term(writer.state(), term), () -> durable.add(told + " " + transport.inLoop()));
      }
      await().until(() -> durable.size() == 50);
    }
    assertThat(durable).first().isEqualTo("term 1 true");
    assertThat(durable).last().isEqualTo("term 50 true");
    try (VoteFile file = open()) {
      assertThat(file.state().term()).isEqualTo(50);
      assertThat(file.state().process()).isEqualTo(2);
    }
  }

  @Test
  void aSlowDiskIsGivenTheNewestStateAlone() throws IOException {
    try (VoteFile file = open()) {
      SlowStore slow = new SlowStore(file);
      try (BackgroundVoteWriter writer = new BackgroundVoteWriter(slow, transport)) {
        for (long term = 1; term <= 50; term++) {
          writer.save(term(writer.state(), term), () -> durable.add("durable"));
        }
        slow.go.countDown();
        await().until(() -> durable.size() == 50);
        assertThat(slow.saved).hasSizeLessThanOrEqualTo(2).last().isEqualTo(50L);
      }
    }
  }

  @Test
  void tellsNothingWhileTheDiskFailsAndTriesTheNewestStateAgain() throws IOException {
    try (VoteFile file = open()) {
      SlowStore slow = new SlowStore(file);
      slow.failing = true;
      slow.go.countDown();
      try (BackgroundVoteWriter writer = new BackgroundVoteWriter(slow, transport)) {
        writer.save(term(writer.state(), 1), () -> durable.add("first"));
        await().until(() -> !slow.saved.isEmpty());
        writer.save(term(writer.state(), 2), () -> durable.add("second"));
        assertThat(durable).isEmpty();
        slow.failing = false;
        await().until(() -> durable.size() == 2);
        assertThat(durable).containsExactly("first", "second");
        assertThat(file.state().term()).isEqualTo(2);
      }
    }
  }
}
