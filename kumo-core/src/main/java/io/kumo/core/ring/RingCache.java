package io.kumo.core.ring;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rings made last, by their nodes and copies: the same few lists are received again and again,
 * and a ring of a thousand nodes costs a hundred thousand hashes. Thread-safe; bounded in nodes.
 */
final class RingCache {
  private static final int MAX_NODES = 2_048;

  private record Layout(List<Node> nodes, int copies) {}

  private final Map<Layout, Ring> rings = new LinkedHashMap<>(16, 0.75f, true);
  private int nodes;

  /** The ring of these nodes; the list is immutable. */
  synchronized Ring get(List<Node> of, int copies) {
    Layout layout = new Layout(of, copies);
    Ring known = rings.get(layout);
    if (known != null) {
      return known;
    }
    Ring made = new Ring(of, copies);
    rings.put(layout, made);
    nodes += of.size();
    Iterator<Layout> eldest = rings.keySet().iterator();
    while (nodes > MAX_NODES && rings.size() > 1) {
      nodes -= eldest.next().nodes().size();
      eldest.remove();
    }
    return made;
  }
}
