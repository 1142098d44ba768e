package io.kumo.gateway.auth;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many passwords from where were wrong, or had no place to wait, of late. Not thread-safe.
 *
 * <p>Invariants: {@link #MAX} places are known, and the one that has not guessed for longest makes
 * room; when the counts add up to {@link #HALVED_AT} all are halved, so that what was long ago
 * counts little.
 */
final class WrongGuesses {
  static final int MAX = 4096;
  static final int HALVED_AT = 16_384;

  private final Map<String, Integer> counts = new LinkedHashMap<>();
  private int sum;

  int of(String place) {
    return counts.getOrDefault(place, 0);
  }

  /** One more. */
  void add(String place) {
    int before = of(place);
    counts.remove(place);
    counts.put(place, before + 1);
    sum++;
    if (counts.size() > MAX) {
      String oldest = counts.keySet().iterator().next();
      sum -= of(oldest);
      counts.remove(oldest);
    }
    if (sum >= HALVED_AT) {
      halve();
    }
  }

  private void halve() {
    counts.replaceAll((place, count) -> count / 2);
    counts.values().removeIf(count -> count == 0);
    sum = counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  int size() {
    return counts.size();
  }
}
