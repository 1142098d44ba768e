package io.kumo.core.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.core.clock.ClockTime;
import io.kumo.core.ring.HashSpaces;

/** The parts of {@code /status.json} that several kinds of daemons have. */
public final class StatusJson {
  private StatusJson() {}

  /** What every daemon says first. */
  public static ObjectNode of(String role, String version, Readiness readiness) {
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.put("role", role).put("version", version).put("pid", ProcessHandle.current().pid());
    status.put("ready", readiness.isReady());
    if (!readiness.isReady()) {
      status.put("lacks", readiness.why());
    }
    return status;
  }

  /** The two hash spaces: what they are called, and who is in them. */
  public static ObjectNode view(HashSpaces spaces) {
    ObjectNode view = JsonNodeFactory.instance.objectNode();
    view.put("write_clock", ClockTime.format(spaces.write().clockTime()));
    view.put("read_clock", ClockTime.format(spaces.read().clockTime()));
    view.put("rebalancing", spaces.rebalancing());
    ArrayNode nodes = view.putArray("nodes");
    spaces
        .write()
        .nodes()
        .forEach(
            node ->
                nodes
                    .addObject()
                    .put("address", node.address().toString())
                    .put("active", node.active()));
    return view;
  }
}
