package io.kumo.core.cli;

import java.util.Collection;

/** What a mistyped word was probably meant to be. */
public final class Suggestion {
  private Suggestion() {}

  /**
   * Says that there is no such command, and which one is close to it.
   *
   * @param known the commands that there are
   */
  public static CliException unknownCommand(String word, Collection<String> known) {
    return CliException.usage("unknown command: " + word + didYouMean(word, known));
  }

  /** {@code "; did you mean WORD?"}, or nothing when no known word is close. */
  static String didYouMean(String word, Collection<String> known) {
    String best = "";
    int least = Math.max(1, word.length() / 3) + 1;
    for (String candidate : known) {
      int distance = distance(word, candidate);
      if (distance < least) {
        least = distance;
        best = candidate;
      }
    }
    return best.isEmpty() ? "" : "; did you mean " + best + "?";
  }

  /** Characters to insert, remove, change, or swap with their neighbour. */
  private static int distance(String from, String to) {
    int[][] d = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        d[i][j] = i == 0 || j == 0 ? i + j : step(d, from, to, i, j);
      }
    }
    return d[from.length()][to.length()];
  }

  private static int step(int[][] d, String from, String to, int i, int j) {
    boolean same = from.charAt(i - 1) == to.charAt(j - 1);
    int least = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + (same ? 0 : 1));
    boolean swapped =
        i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1);
    return swapped ? Math.min(least, d[i - 2][j - 2] + 1) : least;
  }
}
