package io.kumo.it.netns;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** How long after a moment each key was read, and written, again; gateway by gateway. */
final class Pauses {
  private final List<String> keys;
  private final Map<String, Long> firstNs = new HashMap<>();

  /**
   * @param fromNs only operations that were called from here on count
   * @param toNs and were answered before
   */
  Pauses(List<String> keys, List<Timed> timed, long fromNs, long toNs) {
    this.keys = keys;
    for (Timed one : timed) {
      if (one.isServed() && one.calledNs() >= fromNs && one.answeredNs() < toNs) {
        String place = place(one.gateway(), one.op().isRead(), one.op().key());
        firstNs.merge(place, one.answeredNs() - fromNs, Math::min);
      }
    }
  }

  private static String place(String gateway, boolean read, String key) {
    return gateway + (read ? " r " : " w ") + key;
  }

  /** The longest over all keys; -1 while one has not been served. */
  private long longestNs(String gateway, boolean read) {
    long longest = 0;
    for (String key : keys) {
      long first = firstNs.getOrDefault(place(gateway, read, key), -1L);
      if (first < 0) {
        return -1;
      }
      longest = Math.max(longest, first);
    }
    return longest;
  }

  boolean allServed() {
    return Net.GATEWAYS.stream()
        .allMatch(gateway -> longestNs(gateway, true) >= 0 && longestNs(gateway, false) >= 0);
  }

  /** Seconds for reads and writes at each gateway; a dash where a key was not served. */
  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(", ");
    for (String gateway : Net.GATEWAYS) {
      text.add(
          gateway
              + " "
              + seconds(longestNs(gateway, true))
              + "/"
              + seconds(longestNs(gateway, false)));
    }
    return text.toString();
  }

  static String seconds(long ns) {
    return ns < 0 ? "-" : String.format(Locale.ROOT, "%.1f", ns / 1e9);
  }
}
