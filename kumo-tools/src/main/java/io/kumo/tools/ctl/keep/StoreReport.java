package io.kumo.tools.ctl.keep;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.core.protocol.store.StoreTask;
import io.kumo.core.protocol.store.StoreUsage;
import java.util.Locale;

/** Shows what the store of a server takes up and what is being done to it. */
final class StoreReport {
  private static final String ROW = "%-21s %12s %12s %10s %10s %10s %10s %10s %8s%n";

  private StoreReport() {}

  static String head() {
    return String.format(
        Locale.ROOT,
        ROW,
        "server",
        "live",
        "tombstones",
        "live data",
        "their data",
        "files",
        "free",
        "log",
        "damaged");
  }

  static String row(String server, StoreUsage f) {
    return String.format(
        Locale.ROOT,
        ROW,
        server,
        f.live(),
        f.tombstones(),
        bytes(f.liveBytes()),
        bytes(f.tombstoneBytes()),
        bytes(f.fileBytes()),
        bytes(f.freeBytes()),
        bytes(f.logBytes()),
        f.damaged());
  }

  static ObjectNode json(String server, StoreUsage f) {
    ObjectNode out = JsonNodeFactory.instance.objectNode();
    out.put("server", server).put("live", f.live()).put("tombstones", f.tombstones());
    out.put("live_bytes", f.liveBytes()).put("tombstone_bytes", f.tombstoneBytes());
    out.put("file_bytes", f.fileBytes()).put("free_bytes", f.freeBytes());
    out.put("log_bytes", f.logBytes()).put("damaged", f.damaged());
    out.put("task", f.task().name()).put("state", state(f.task()));
    out.put("done", f.task().done()).put("total", f.task().total());
    return out.put("detail", f.task().detail());
  }

  static String state(StoreTask task) {
    return switch (task.state()) {
      case StoreTask.NO_TASK -> "none";
      case StoreTask.RUNNING -> "running";
      case StoreTask.DONE -> "done";
      default -> "failed";
    };
  }

  /** In powers of 1024, as du -h. */
  static String bytes(long bytes) {
    double value = bytes;
    String units = "KMGTP";
    int unit = -1;
    while (value >= 1024 && unit < units.length() - 1) {
      value /= 1024;
      unit++;
    }
    return unit < 0
        ? Long.toString(bytes)
        : String.format(Locale.ROOT, "%.1f%c", value, units.charAt(unit));
  }
}
