package io.kumo.core.route.request;

import org.jspecify.annotations.Nullable;

/**
 * What came of a {@link KeyRequest}, beside its {@link KeyStatus}. Owns the values found. Reused;
 * confined to its event loop.
 */
public final class KeyOutcome {
  private final FoundItems found = new FoundItems();
  private long foundBytes;
  private long number;
  private long casUnique;
  private @Nullable String reason;

  /** The items found, by the index of their key. */
  public FoundItems found() {
    return found;
  }

  /** Bytes of the values that were found so far, held or not. */
  public long foundBytes() {
    return foundBytes;
  }

  public void addFoundBytes(int more) {
    foundBytes += more;
  }

  /** The value of a counter after {@link KeyStatus#COUNTED}, or bytes stored; unsigned. */
  public long number() {
    return number;
  }

  public void number(long newNumber) {
    number = newNumber;
  }

  /** The CAS of the record as the request left it; 0 when not known. */
  public long casUnique() {
    return casUnique;
  }

  public void casUnique(long newCas) {
    casUnique = newCas;
  }

  /** Why a server could not do it, in its words; null when it has not said. */
  public @Nullable String reason() {
    return reason;
  }

  public void reason(@Nullable String newReason) {
    reason = newReason;
  }

  /** Releases the values and forgets everything. */
  public void clear() {
    found.clear();
    foundBytes = 0;
    number = 0;
    casUnique = 0;
    reason = null;
  }
}
