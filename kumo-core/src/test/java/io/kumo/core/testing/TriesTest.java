package io.kumo.core.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TriesTest {

  @Test
  void eachTryDrawsOtherValues() {
    Set<Long> drawn = new TreeSet<>();
    List<Long> all = new ArrayList<>();
    new Tries(300, null).check(draw -> all.add(draw.bits() ^ draw.anyLong()));
    drawn.addAll(all);
    assertThat(all).hasSize(300);
    assertThat(drawn).hasSizeGreaterThan(250);
  }

  @Test
  void aFailureNamesTheSeedThatRepeatsItsTryAlone() {
    List<String> failed = new ArrayList<>();
    Tries.Property property =
        draw -> {
          int number = draw.between(0, 1000);
          draw.bytes(3);
          if (number > 500) {
            failed.add(draw.toString());
            throw new IllegalStateException("more than 500");
          }
        };
    Throwable failure = catchThrowable(() -> new Tries(200, null).check(property));
    assertThat(failure)
        .isInstanceOf(AssertionError.class)
        .hasMessageMatching("try \\d+ of 200 failed, -Dkumo.test.seed=-?\\d+ repeats it; drew .*")
        .hasMessageEndingWith(failed.get(0))
        .hasRootCauseMessage("more than 500");
    Matcher seed = Pattern.compile("seed=(-?\\d+)").matcher(failure.getMessage());
    assertThat(seed.find()).isTrue();
    Tries repeated = new Tries(200, Long.valueOf(seed.group(1)));
    assertThatThrownBy(() -> repeated.check(property)).hasMessageContaining("the only try failed");
    assertThat(failed).hasSize(2);
    assertThat(failed.get(1)).isEqualTo(failed.get(0));
  }

  @Test
  void valuesStayWithinTheirBounds() {
    Tries.of(
        Tries.MANY,
        draw -> {
          long min = draw.anyLong();
          long max = draw.between(min, Long.MAX_VALUE);
          assertThat(draw.between(min, max)).isBetween(min, max);
          assertThat(draw.between(min, min)).isEqualTo(min);
          assertThat(draw.between(Long.MIN_VALUE, max)).isLessThanOrEqualTo(max);
          assertThat(draw.bytes(5)).hasSizeBetween(0, 5);
          assertThat(draw.longs(3)).hasSize(3);
          assertThat(draw.list(4, draw::yes)).hasSizeBetween(0, 4);
        });
  }

  /** Each of these comes once in 2^64 tries where all numbers have the same chance. */
  @Test
  void theEndsOfARangeComeOften() {
    Set<Long> numbers = new TreeSet<>();
    Set<Integer> lengths = new TreeSet<>();
    int[] bothAtOnce = new int[1];
    new Tries(2000, null)
        .check(
            draw -> {
              long first = draw.anyLong();
              long second = draw.anyLong();
              numbers.add(first);
              lengths.add(draw.bytes(1000).length);
              bothAtOnce[0] += Math.abs(first) <= 1 && Math.abs(second) <= 1 ? 1 : 0;
            });
    assertThat(numbers)
        .contains(Long.MIN_VALUE, Long.MIN_VALUE + 1, -1L, 0L, 1L)
        .contains(Long.MAX_VALUE - 1, Long.MAX_VALUE);
    assertThat(lengths).contains(0, 1, 999, 1000);
    assertThat(bothAtOnce[0]).isPositive();
  }
}
