package io.kumo.manager.admin;

import io.kumo.core.protocol.Limits;
import io.kumo.core.protocol.status.Gateways;
import io.kumo.core.protocol.status.NodeStatus;
import io.kumo.core.protocol.status.RegisterGateway;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The gateways that have said of late that they are there. Pure. Bounds: {@link
 * Limits#MAX_GATEWAYS} of them, each forgotten {@value #SILENCE_SECONDS} s after its last word.
 */
public final class GatewayTable {
  private static final int SILENCE_SECONDS = 15;
  private static final long SILENCE_NS = Duration.ofSeconds(SILENCE_SECONDS).toNanos();

  private final Map<Long, Entry> gateways = new LinkedHashMap<>();

  /** What one said last, and how often it was asked between that and the word before. */
  private record Entry(String from, NodeStatus status, double rate, long heardNs) {
    Entry next(NodeStatus now, String nowFrom, long nowNs) {
      double seconds = Math.max(1, nowNs - heardNs) / 1e9;
      double since = Math.max(0, now.operations() - status.operations()) / seconds;
      return new Entry(nowFrom, now, since, nowNs);
    }
  }

  /**
   * Takes a word of one.
   *
   * @param from where it comes from
   * @return false when there are too many for it
   */
  boolean heard(RegisterGateway word, String from, long nowNs) {
    forget(nowNs);
    Entry known = gateways.get(word.id());
    if (known == null) {
      gateways.values().removeIf(entry -> isSamePlace(entry, word, from));
    }
    if (known == null && gateways.size() >= Limits.MAX_GATEWAYS) {
      return false;
    }
    gateways.put(
        word.id(),
        known == null
            ? new Entry(from, word.status(), 0, nowNs)
            : known.next(word.status(), from, nowNs));
    return true;
  }

  /** A process that was started again is another one, at the place of the one before. */
  private static boolean isSamePlace(Entry entry, RegisterGateway word, String from) {
    return host(entry.from()).equals(host(from))
        && entry.status().address().equals(word.status().address());
  }

  private static String host(String from) {
    int colon = from.lastIndexOf(':');
    return colon < 0 ? from : from.substring(0, colon);
  }

  private void forget(long nowNs) {
    gateways.values().removeIf(entry -> nowNs - entry.heardNs() > SILENCE_NS);
  }

  /** Those that are there, in the order in which they came. */
  public List<Gateways.Gateway> list(long nowNs) {
    forget(nowNs);
    return gateways.values().stream()
        .map(entry -> new Gateways.Gateway(entry.from(), Math.round(entry.rate()), entry.status()))
        .toList();
  }

  /** How many have said that they are there; one may have gone since. */
  public int size() {
    return gateways.size();
  }
}
