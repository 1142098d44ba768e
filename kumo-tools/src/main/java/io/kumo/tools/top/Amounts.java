package io.kumo.tools.top;

import java.util.Locale;

/** Numbers in few columns. */
final class Amounts {
  private static final String[] STEPS = {"", "k", "M", "G", "T", "P", "E"};

  private Amounts() {}

  /** As {@code 9999}, {@code 12.3k}, {@code 456M}. */
  static String count(long number) {
    return scaled(number, 1000);
  }

  /** As {@code 12.3M}: of 1024 each. */
  static String bytes(long number) {
    return scaled(number, 1024);
  }

  /** As {@code 0.42}, {@code 12.3}, {@code 1234}; a dash for none. */
  static String millis(double millis) {
    if (millis == 0) {
      return "-";
    }
    return format(millis < 10 ? "%.2f" : millis < 100 ? "%.1f" : "%.0f", millis);
  }

  private static String scaled(long number, int step) {
    if (number < 10_000) {
      return Long.toString(number);
    }
    double rest = number;
    int steps = 0;
    while (rest >= 999.5 && steps < STEPS.length - 1) {
      rest /= step;
      steps++;
    }
    return format(rest < 99.95 ? "%.1f" : "%.0f", rest) + STEPS[steps];
  }

  private static String format(String form, double value) {
    return String.format(Locale.ROOT, form, value);
  }
}
