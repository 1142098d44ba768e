package io.kumo.core.protocol;

import io.kumo.core.protocol.extended.GetItemStatistics;
import io.kumo.core.protocol.extended.ListRecords;
import io.kumo.core.protocol.repair.DigestRanges;
import io.kumo.core.protocol.repair.GiveWindow;
import io.kumo.core.protocol.write.MutateOptions;

/** Bits of what a node can do beyond kumofs 0.4.13, as it announces them. */
public final class Capabilities {
  /** Understands the methods of version 1, the fence, and request ids. */
  public static final int EXTENDED = 1;

  /**
   * Counts relative expiry times by its own clock ({@link MutateOptions#CLIENT_TIMES}), and hides
   * from readers what has expired by it.
   */
  public static final int CLIENT_TIMES = 1 << 1;

  /** Answers {@link GetItemStatistics}. */
  public static final int COUNTS_ITEMS = 1 << 2;

  /** Knows {@link MutateOptions#UNLESS_NEWER}. */
  public static final int IMPORTS = 1 << 3;

  /** Votes on views; announced by a node that has a place to keep its vote. */
  public static final int VOTES = 1 << 4;

  /** Answers {@link DigestRanges}, and knows where {@link ListRecords} is to end. */
  public static final int DIGESTS = 1 << 5;

  /** Takes the requests of copied records: {@link GiveWindow}. */
  public static final int WINDOWS = 1 << 6;

  /** Reads in hash spaces how many copies there are, and zones, and places keys by them. */
  public static final int COPIES = 1 << 7;

  /** All that a server of this program can do, whatever it was given. */
  public static final int OURS =
      EXTENDED | CLIENT_TIMES | COUNTS_ITEMS | IMPORTS | DIGESTS | WINDOWS | COPIES;

  private Capabilities() {}

  public static boolean isExtended(int capabilities) {
    return (capabilities & EXTENDED) != 0;
  }

  public static boolean countsItems(int capabilities) {
    return (capabilities & COUNTS_ITEMS) != 0;
  }

  public static boolean digests(int capabilities) {
    return (capabilities & DIGESTS) != 0;
  }

  public static boolean takesWindows(int capabilities) {
    return (capabilities & WINDOWS) != 0;
  }

  public static boolean knowsCopies(int capabilities) {
    return (capabilities & COPIES) != 0;
  }

  public static boolean imports(int capabilities) {
    return (capabilities & IMPORTS) != 0;
  }

  public static boolean countsClientTimes(int capabilities) {
    return (capabilities & CLIENT_TIMES) != 0;
  }

  public static boolean votes(int capabilities) {
    return (capabilities & VOTES) != 0;
  }
}
