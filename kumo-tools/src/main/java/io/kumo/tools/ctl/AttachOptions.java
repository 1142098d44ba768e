package io.kumo.tools.ctl;

import io.kumo.tools.CopiesOption;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the first attach of a cluster settles. */
final class AttachOptions {
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
}
