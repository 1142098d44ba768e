package io.kumo.core.vote;

import io.kumo.core.view.Voter;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The leases that a server has from voters. Immutable.
 *
 * <p>Each is counted from when it was <em>asked for</em>: the voter counts from later on, by a
 * clock that may be a tenth faster, so the holder's ends first.
 *
 * @param since when the newest request that each voter granted was sent
 */
public record Lease(Map<Voter, ClockReading> since) {
  public static final Lease NONE = new Lease(Map.of());

  public Lease {
    since = Collections.unmodifiableMap(new TreeMap<>(since));
  }

  /** With another grant; answers may overtake one another. */
  public Lease granted(Voter by, ClockReading sent) {
    ClockReading held = since.get(by);
    if (held != null && held.nanos() - sent.nanos() >= 0) {
      return this;
    }
    Map<Voter, ClockReading> longer = new TreeMap<>(since);
    longer.put(by, sent);
    return new Lease(longer);
  }

  /** Without those that are over, so that it does not grow with the voters that ever were. */
  public Lease withoutEnded(long lengthMs, ClockReading now) {
    Map<Voter, ClockReading> left = new TreeMap<>(since);
    left.values().removeIf(sent -> !now.isWithin(lengthMs, sent));
    return left.size() == since.size() ? this : new Lease(left);
  }

  /** The voters whose lease is not over. */
  public Set<Voter> holdsFrom(long lengthMs, ClockReading now) {
    Set<Voter> from = new TreeSet<>();
    since.forEach(
        (voter, sent) -> {
          if (now.isWithin(lengthMs, sent)) {
            from.add(voter);
          }
        });
    return from;
  }
}
