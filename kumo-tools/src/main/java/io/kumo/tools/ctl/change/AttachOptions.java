package io.kumo.tools.ctl.change;

import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.tools.CopiesOption;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Belongs to the two forms of attach. */
final class AttachOptions {
  @Option(names = "--force", description = "Attach although known servers have not reported.")
  private boolean force;

  @Option(
      names = "--alone",
      description = "Begin a cluster without the partner that the manager was told of.")
  private boolean alone;

  @Option(
      names = "--replicas",
      paramLabel = "N",
      description =
          "Keep so many copies of each record, 1 to 7; said with the first attach, and fixed from"
              + " then on (default: 3, the only number that originals can do with).")
  private @Nullable Integer replicas;

  /** 0 when nothing was said. */
  int copies() {
    return CopiesOption.check(replicas);
  }

  AttachNewServers order(boolean rebalances) {
    return new AttachNewServers(rebalances, force, alone, copies());
  }
}
