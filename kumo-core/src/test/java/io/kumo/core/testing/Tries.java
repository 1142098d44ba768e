package io.kumo.core.testing;

import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Holds a property to many random tries. {@code -Dkumo.test.scale=10} makes ten times as many. A
 * failure names the seed of its try: {@code -Dkumo.test.seed=N} makes that one again, and no other.
 */
public final class Tries {
  /** What is to hold for whatever is drawn. */
  public interface Property {
    void check(Draw draw) throws Exception;
  }

  /** For a property that is cheap to check. */
  public static final int MANY = 1000;

  private static final String SEED = "kumo.test.seed";
  private static final int SCALE = Integer.getInteger("kumo.test.scale", 1);

  private final int tries;
  private final @Nullable Long only;

  /**
   * @param only the seed of the one try to make; null for all of them, from a seed by chance
   */
  Tries(int tries, @Nullable Long only) {
    this.tries = tries;
    this.only = only;
  }

  /**
   * Checks it that often.
   *
   * @param tries at scale 1
   */
  public static void of(int tries, Property property) {
    new Tries(tries * SCALE, Long.getLong(SEED)).check(property);
  }

  void check(Property property) {
    if (only != null) {
      check(property, only, "the only try");
      return;
    }
    Random seeds = new Random();
    for (int i = 1; i <= tries; i++) {
      check(property, seeds.nextLong(), "try " + i + " of " + tries);
    }
  }

  private static void check(Property property, long seed, String which) {
    Draw draw = new Draw(seed);
    try {
      property.check(draw);
    } catch (Exception | Error e) {
      String repeat = "-D" + SEED + "=" + seed;
      throw new AssertionError(which + " failed, " + repeat + " repeats it; drew " + draw, e);
    }
  }
}
