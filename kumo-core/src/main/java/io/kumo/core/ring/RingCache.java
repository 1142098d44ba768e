package io.kumo.core.ring;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rings made last, by their nodes: the same few lists are received again and again, and a ring
 * of a thousand nodes costs a hundred thousand hashes. Thread-safe; bounded in nodes.
 */
final class RingCache {
  private static final int MAX_NODES = 2_048;

  private final Map<List<Node>, Ring> rings = new LinkedHashMap<>(16, 0.75f, true);
  private int nodes;

  /** The ring of these nodes; the list is immutable. */
  synchronized Ring get(List<Node> of) {
    Ring known = rings.get(of);
    if (known != null) {
      return known;
    }
    Ring made = new Ring(of);
    rings.put(of, made);
    nodes += of.size();
    Iterator<List<Node>> eldest = rings.keySet().iterator();
    while (nodes > MAX_NODES && rings.size() > 1) {
      nodes -= eldest.next().size();
      eldest.remove();
    }
    return made;
  }
}
