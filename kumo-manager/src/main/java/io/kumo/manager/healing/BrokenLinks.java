package io.kumo.manager.healing;

import io.kumo.core.ring.NodeAddress;
import io.kumo.manager.membership.HealthBook;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Whom to take out so that all the servers that stay reach one another. Stateless. */
final class BrokenLinks {
  private BrokenLinks() {}

  /**
   * One after the other the one with the fewest working links goes; of those with equally few the
   * one with the greatest address, so that each manager would choose the same.
   *
   * @param servers that take part, and are heard
   */
  static List<NodeAddress> victims(Collection<NodeAddress> servers, HealthBook book) {
    Set<NodeAddress> left = new TreeSet<>(servers);
    List<NodeAddress> victims = new ArrayList<>();
    while (true) {
      Comparator<NodeAddress> byBroken = Comparator.comparing(s -> book.cutFrom(s, left).size());
      NodeAddress worst =
          left.stream().max(byBroken.thenComparing(Comparator.naturalOrder())).orElse(null);
      if (worst == null || book.cutFrom(worst, left).isEmpty()) {
        return victims;
      }
      victims.add(worst);
      left.remove(worst);
    }
  }
}
