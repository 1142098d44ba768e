package io.kumo.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.core.clock.ClockTime;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.Node;

/** A hash space as the tools of kumofs 0.4.13 print it, and as JSON. */
public final class HashSpaceText {

  private HashSpaceText() {}

  /**
   * When it was made, and its nodes.
   *
   * @param title of the list of nodes
   */
  public static String text(HashSpace space, String title) {
    StringBuilder out = new StringBuilder("hash space timestamp:\n  ");
    out.append(ClockTime.format(space.clockTime())).append('\n').append(title).append(":\n");
    for (Node node : space.nodes()) {
      out.append("  ").append(node.address()).append(node.active() ? "  (active)" : "  (fault)");
      out.append('\n');
    }
    return out.toString();
  }

  public static void json(ObjectNode out, HashSpace space) {
    out.put("time", ClockTime.seconds(space.clockTime()));
    out.put("clock", Integer.toUnsignedLong(ClockTime.counter(space.clockTime())));
    ArrayNode nodes = out.putArray("nodes");
    for (Node node : space.nodes()) {
      ObjectNode object = nodes.addObject();
      object.put("address", node.address().toString()).put("active", node.active());
    }
  }
}
