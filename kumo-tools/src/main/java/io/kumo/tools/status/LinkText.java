package io.kumo.tools.status;

import io.kumo.core.protocol.status.NodeLink;
import io.kumo.core.protocol.status.NodeStatus;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What protects the links of a node, in words. */
final class LinkText {
  private LinkText() {}

  /** How many there are of each sort; those of memcached's clients apart. */
  static String summary(List<NodeLink> links) {
    Map<String, Long> counts = new TreeMap<>();
    for (NodeLink link : links) {
      counts.merge(sort(link), link.count(), Long::sum);
    }
    return counts.entrySet().stream()
        .map(sort -> sort.getValue() + " " + sort.getKey())
        .collect(Collectors.joining(", "));
  }

  private static String sort(NodeLink link) {
    return link.kind().equals(NodeLink.MEMCACHED)
        ? "memcached " + link.security()
        : link.security();
  }

  /** Links that prove nothing at a node whose links have to: of originals, at best. */
  static List<String> openOnes(NodeRow row) {
    NodeStatus status = row.status();
    if (status == null || status.security().equals(NodeLink.OPEN)) {
      return List.of();
    }
    return status.links().stream()
        .filter(link -> link.isOpen() && !link.kind().equals(NodeLink.MEMCACHED))
        .map(link -> openOne(row, link))
        .toList();
  }

  private static String openOne(NodeRow row, NodeLink link) {
    return String.format(
        "%s %s: %d open link%s with %s %s (--allow-original)",
        row.role(),
        row.address(),
        link.count(),
        link.count() == 1 ? "" : "s",
        link.kind().isEmpty() ? "others" : link.kind(),
        link.peer());
  }
}
