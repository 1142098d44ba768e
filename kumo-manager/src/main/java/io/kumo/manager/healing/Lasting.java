package io.kumo.manager.healing;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/** What has been so for a while, and not only at the moment. Confined to one thread. */
final class Lasting<T extends Comparable<? super T>> {
  private final LongSupplier longEnoughNs;
  private final Map<T, Long> sinceNs = new TreeMap<>();

  Lasting(LongSupplier longEnoughNs) {
    this.longEnoughNs = longEnoughNs;
  }

  /**
   * Looks at what is so now.
   *
   * @return those that have been there long enough, whenever it was asked in between
   */
  Set<T> of(Collection<T> present, long nowNs) {
    sinceNs.keySet().retainAll(present);
    present.forEach(one -> sinceNs.putIfAbsent(one, nowNs));
    Set<T> lasting = new TreeSet<>();
    sinceNs.forEach(
        (one, beganNs) -> {
          if (nowNs - beganNs >= longEnoughNs.getAsLong()) {
            lasting.add(one);
          }
        });
    return lasting;
  }
}
