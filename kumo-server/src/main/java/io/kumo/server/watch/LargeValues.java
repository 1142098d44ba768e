package io.kumo.server.watch;

import io.kumo.core.protocol.admin.RequestWatch;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys with the largest values that were asked for, {@value #MAX_KEYS} of them. Confined to one
 * thread.
 */
final class LargeValues {
  static final int MAX_KEYS = 32;

  private final Map<Long, RequestWatch.Large> byHash = new HashMap<>();
  private long least;

  /** Most values are no larger than what is kept, and cost one comparison; borrows the raw key. */
  void add(long hash, long bytes, ByteBuf rawKey) {
    if (bytes <= least && byHash.size() >= MAX_KEYS && !byHash.containsKey(hash)) {
      return;
    }
    byHash.put(hash, new RequestWatch.Large(KeyText.of(rawKey), bytes));
    if (byHash.size() > MAX_KEYS) {
      byHash.remove(smallest().getKey());
    }
    least = smallest().getValue().bytes();
  }

  private Map.Entry<Long, RequestWatch.Large> smallest() {
    Comparator<Map.Entry<Long, RequestWatch.Large>> byBytes =
        Comparator.comparingLong(entry -> entry.getValue().bytes());
    return byHash.entrySet().stream().min(byBytes).orElseThrow();
  }

  /** The greatest first. */
  List<RequestWatch.Large> all() {
    List<RequestWatch.Large> all = new ArrayList<>(byHash.values());
    all.sort(Comparator.comparingLong(RequestWatch.Large::bytes).reversed());
    return all;
  }
}
