package io.kumo.core.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kumo.core.view.SampleViews;
import io.kumo.core.vote.VoteRules;
import io.kumo.core.vote.VoteState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On real files. */
class VoteFileTest {
  @TempDir Path root;
  private final AtomicLong ids = new AtomicLong(1000);

  private VoteFile open(Path folder) throws IOException {
    return VoteFile.open(VoteRules.SOUND, folder, SampleViews.S1, 5, ids::incrementAndGet);
  }

  private VoteState keep(Path folder) throws IOException {
    try (VoteFile file = open(folder)) {
      VoteState voted = new VoteState(file.state().self(), 1, 7, SampleViews.first());
      file.save(voted);
      return voted;
    }
  }

  private VoteState next(Path folder) throws IOException {
    try (VoteFile file = open(folder)) {
      assertThat(file.isOfThisProcess()).isFalse();
      return file.state();
    }
  }

  private void assertNewVoter(Path folder, VoteState before) throws IOException {
    VoteState after = next(folder);
    assertThat(after).isEqualTo(VoteState.fresh(after.self()));
    assertThat(after.self()).isNotEqualTo(before.self());
  }

  @Test
  void theNextProcessTakesUpWhatWasKeptAndCountsItself() throws Exception {
    Path folder = root.resolve("made").resolve("when missing");
    VoteState kept = keep(folder);
    assertThat(next(folder)).isEqualTo(kept.restarted());
    assertThat(next(folder)).isEqualTo(kept.restarted().restarted());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("vote"))))
        .isEqualTo("rw-------");
  }

  @Test
  void aSaveThatACrashCutShortLeavesTheVoteBefore() throws Exception {
    VoteState kept = keep(root);
    byte[] whole = Files.readAllBytes(root.resolve("vote"));
    Files.write(root.resolve("vote.new"), Arrays.copyOf(whole, whole.length / 2));
    assertThat(next(root)).isEqualTo(kept.restarted());
  }

  @Test
  void eachDamagedByteMakesANewVoter() throws Exception {
    VoteState kept = keep(root);
    byte[] whole = Files.readAllBytes(root.resolve("vote"));
    for (int i = 0; i < whole.length; i += 7) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 0x10;
      Files.write(root.resolve("vote"), damaged);
      assertNewVoter(root, kept);
    }
    for (int length : new int[] {0, 1, 11, 12, whole.length / 2, whole.length - 1}) {
      Files.write(root.resolve("vote"), Arrays.copyOf(whole, length));
      assertNewVoter(root, kept);
    }
  }

  @Test
  void aFolderCopiedToAnotherNodeMakesANewVoter() throws Exception {
    VoteState kept = keep(root.resolve("a"));
    Files.createDirectory(root.resolve("b"));
    Files.copy(root.resolve("a").resolve("vote"), root.resolve("b").resolve("vote"));
    try (VoteFile copy =
        VoteFile.open(
            VoteRules.SOUND, root.resolve("b"), SampleViews.S2, 5, ids::incrementAndGet)) {
      assertThat(copy.state().self().address()).isEqualTo(SampleViews.S2);
      assertThat(copy.state().self().id()).isNotEqualTo(kept.self().id());
      assertThat(copy.state().accepted().isNone()).isTrue();
    }
  }

  @Test
  void aVoteBesideARestoredStoreMakesANewVoter() throws Exception {
    VoteState kept = keep(root);
    try (VoteFile restored =
        VoteFile.open(VoteRules.SOUND, root, SampleViews.S1, 6, ids::incrementAndGet)) {
      assertThat(restored.state().self()).isNotEqualTo(kept.self());
    }
  }

  @Test
  void twoProcessesDoNotHaveOneVote() throws Exception {
    try (VoteFile first = open(root)) {
      assertThatThrownBy(() -> open(root))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("belongs to a process that runs");
      first.save(new VoteState(first.state().self(), 1, 3, SampleViews.first()));
    }
    assertThat(next(root).term()).isEqualTo(3);
  }

  @Test
  void whereNothingCanBeWrittenTheVoteLastsAsLongAsTheProcess() throws Exception {
    Path file = Files.createFile(root.resolve("a plain file"));
    try (VoteFile one = open(file.resolve("state"));
        VoteFile two = open(file.resolve("state"))) {
      assertThat(one.isOfThisProcess()).isTrue();
      assertThat(one.state().self()).isNotEqualTo(two.state().self());
      VoteState voted = new VoteState(one.state().self(), 1, 3, SampleViews.first());
      one.save(voted);
      assertThat(one.state()).isEqualTo(voted);
    }
  }

  /** The kept vote must not promise what it could not remember. */
  @Test
  void aVoteThatCanBeReadButNotWrittenIsNotTakenUp() throws Exception {
    VoteState kept = keep(root);
    Files.createDirectory(root.resolve("vote.new"));
    Files.createFile(root.resolve("vote.new").resolve("in the way"));
    try (VoteFile file = open(root)) {
      assertThat(file.isOfThisProcess()).isTrue();
      assertThat(file.state().self()).isNotEqualTo(kept.self());
    }
  }

  @Test
  void aSaveThatFailsIsToldAndLeavesTheVoteBefore() throws Exception {
    VoteState saved;
    try (VoteFile file = open(root)) {
      saved = file.state();
      Files.createDirectory(root.resolve("vote.new"));
      Files.createFile(root.resolve("vote.new").resolve("in the way"));
      VoteState voted = new VoteState(saved.self(), 1, 3, SampleViews.first());
      assertThatThrownBy(() -> file.save(voted)).isInstanceOf(IOException.class);
      assertThat(file.state()).isEqualTo(saved);
      Files.delete(root.resolve("vote.new").resolve("in the way"));
      Files.delete(root.resolve("vote.new"));
    }
    assertThat(next(root)).isEqualTo(saved.restarted());
  }

  @Test
  void aLinkInPlaceOfTheVoteIsNotFollowed() throws Exception {
    VoteState kept = keep(root.resolve("a"));
    Files.createDirectory(root.resolve("b"));
    Path target = root.resolve("a").resolve("vote");
    Files.createSymbolicLink(root.resolve("b").resolve("vote"), target);
    byte[] before = Files.readAllBytes(target);
    assertNewVoter(root.resolve("b"), kept);
    assertThat(Files.readAllBytes(target)).isEqualTo(before);
  }
}
