package io.kumo.core.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.testing.Draw;
import io.kumo.core.testing.Tries;
import io.kumo.testkit.store.ClockOrder;
import org.junit.jupiter.api.Test;

class TombstoneSearchTest {
  /** The day on which the originals were recorded. */
  private static final long NOW = 0x6b00_a82cL;

  /** As kumofs 0.4.13 answers GetIfModified for a tombstone. */
  private static boolean isAsOldAs(long tombstone, long given) {
    return tombstone == given || ClockOrder.ORIGINAL.compare(tombstone, given) < 0;
  }

  private static int search(TombstoneSearch search, long tombstone) {
    int questions = 0;
    while (search.state() == TombstoneSearch.State.ASKING) {
      assertThat(++questions).isLessThanOrEqualTo(TombstoneSearch.MAX_QUESTIONS);
      search.answer(isAsOldAs(tombstone, search.next()));
    }
    return questions;
  }

  private static long drawCounter(Draw draw) {
    return draw.of(draw.between(0L, 2_000L), draw.between(4_194_000L, 4_195_000L), draw.bits())
        & 0xffff_ffffL;
  }

  @Test
  void theModelAnswersWhatWasRecorded() {
    assertThat(isAsOldAs(0x6b00a82c0000009dL, 0)).isFalse();
    assertThat(isAsOldAs(0x6b00a82c0000009dL, -1)).isTrue();
    assertThat(isAsOldAs(0x6b00a94600000007L, 0x6b00a94600000006L)).isFalse();
  }

  @Test
  void findsAnyTombstone() {
    Tries.of(
        10 * Tries.MANY,
        draw -> {
          long seconds = draw.of(NOW - draw.between(-20, 4_000), draw.between(5L, 4_294_967_200L));
          long tombstone = ClockTime.of(seconds, (int) drawCounter(draw));
          TombstoneSearch search = new TombstoneSearch(NOW, 1);
          search(search, tombstone);
          boolean misled = search.clockTime() != tombstone;
          if (misled) {
            // It has met the one ClockTime that it asks with.
            assertThat(ClockTime.counter(tombstone)).isEqualTo(1025);
            search = new TombstoneSearch(NOW, 2);
            search(search, tombstone);
          }
          assertThat(search.state()).isEqualTo(TombstoneSearch.State.FOUND);
          assertThat(search.clockTime()).isEqualTo(tombstone);
        });
  }

  @Test
  void anotherCounterFindsWhatMisledTheFirst() {
    long tombstone = ClockTime.of(NOW + 5, 1025);
    TombstoneSearch misled = new TombstoneSearch(NOW, 1);
    search(misled, tombstone);
    assertThat(misled.clockTime()).isNotEqualTo(tombstone);
    TombstoneSearch second = new TombstoneSearch(NOW, 2);
    search(second, tombstone);
    assertThat(second.clockTime()).isEqualTo(tombstone);
  }

  @Test
  void asksFewQuestionsAboutWhatWasDeletedLately() {
    for (int age : new int[] {0, 1, 60, 3_600}) {
      for (int counter : new int[] {0, 100, 5_000, 1_000_000}) {
        long tombstone = ClockTime.of(NOW - age, counter);
        assertThat(search(new TombstoneSearch(NOW, 1), tombstone)).isLessThanOrEqualTo(60);
      }
    }
  }

  @Test
  void endsWhateverIsAnswered() {
    Tries.of(
        Tries.MANY,
        draw -> {
          TombstoneSearch search = new TombstoneSearch(draw.between(0L, 1L << 32), 1);
          int questions = 0;
          while (search.state() == TombstoneSearch.State.ASKING) {
            assertThat(++questions).isLessThanOrEqualTo(TombstoneSearch.MAX_QUESTIONS);
            search.next();
            search.answer(draw.yes());
          }
        });
  }

  @Test
  void saysWhenThereIsNothing() {
    TombstoneSearch search = new TombstoneSearch(NOW, 1);
    search.answer(false);
    assertThat(search.state()).isEqualTo(TombstoneSearch.State.ABSENT);
  }
}
