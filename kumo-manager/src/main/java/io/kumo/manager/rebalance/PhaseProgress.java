package io.kumo.manager.rebalance;

/**
 * How far one server or a whole replace is; counts since the phase began.
 *
 * @param scanned records looked at
 * @param total records to look at
 * @param moved records sent, or removed
 * @param bytes of keys and values sent
 */
public record PhaseProgress(long scanned, long total, long moved, long bytes) {
  public static final PhaseProgress NONE = new PhaseProgress(0, 0, 0, 0);

  public PhaseProgress plus(PhaseProgress other) {
    return new PhaseProgress(
        scanned + other.scanned, total + other.total, moved + other.moved, bytes + other.bytes);
  }
}
