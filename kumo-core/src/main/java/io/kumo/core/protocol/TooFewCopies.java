package io.kumo.core.protocol;

/** The reason for a write that was not done, as too few servers would have had it. */
public final class TooFewCopies {
  private static final String WORDS = "too few copies: ";

  private TooFewCopies() {}

  /** The reason, as a coordinator tells it to gateways, and they to clients. */
  public static String of(int active, int needed) {
    return WORDS + active + " active of the " + needed + " that --min-copies asks for";
  }

  /** Whether the reason that a server gave for a failure is this one. */
  public static boolean isTold(String reason) {
    return reason.startsWith(WORDS);
  }
}
