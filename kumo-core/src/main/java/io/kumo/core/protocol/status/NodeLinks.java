package io.kumo.core.protocol.status;

import io.kumo.core.protocol.Limits;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts links that are alike. Open ones come first, and of more kinds than {@link
 * Limits#MAX_TOLD_LINKS} the rest is told by what protects it alone, so that a long list hides no
 * open one.
 */
public final class NodeLinks {
  private static final Comparator<NodeLink> ORDER =
      Comparator.comparing(NodeLink::isOpen)
          .reversed()
          .thenComparing(NodeLink::kind)
          .thenComparing(NodeLink::peer)
          .thenComparing(NodeLink::security);

  private final Map<NodeLink, Long> counts = new TreeMap<>(ORDER);

  /** One more. */
  public void add(String kind, String peer, String security) {
    counts.merge(new NodeLink(kind, peer, security, 0), 1L, Long::sum);
  }

  public List<NodeLink> list() {
    List<NodeLink> told = new ArrayList<>();
    Map<String, Long> rest = new TreeMap<>();
    counts.forEach(
        (link, count) -> {
          if (told.size() < Limits.MAX_TOLD_LINKS) {
            told.add(new NodeLink(link.kind(), link.peer(), link.security(), count));
          } else {
            rest.merge(link.security(), count, Long::sum);
          }
        });
    rest.forEach((security, count) -> told.add(new NodeLink("", "", security, count)));
    return List.copyOf(told);
  }

  static List<NodeLink> read(ByteBuf in) throws MalformedMessageException {
    int count = MsgPack.readArrayHeader(in);
    if (count > 2 * Limits.MAX_TOLD_LINKS) {
      throw new MalformedMessageException(count + " links");
    }
    List<NodeLink> links = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      links.add(NodeLink.read(in));
    }
    return links;
  }

  static void write(ByteBuf out, List<NodeLink> links) {
    MsgPack.writeArrayHeader(out, links.size());
    links.forEach(link -> link.write(out));
  }
}
