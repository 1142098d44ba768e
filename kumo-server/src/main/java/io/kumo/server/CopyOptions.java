package io.kumo.server;

import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ZoneName;
import io.kumo.core.ring.HashSpace;
import picocli.CommandLine.Option;

/** Where this server stands among the copies of a record, and how many it asks for. */
final class CopyOptions {
  @Option(
      names = "--zone",
      paramLabel = "NAME",
      converter = ZoneName.class,
      description =
          "Where this server is: a rack, a room. Copies of a record are spread over zones. Counts"
              + " from the next attach on.")
  private String zone = "";

  @Option(
      names = "--min-copies",
      paramLabel = "M",
      defaultValue = "1",
      description =
          "Refuse writes to keys of which fewer servers are active, with SERVER_ERROR:"
              + " ${DEFAULT-VALUE}.")
  private int minCopies = 1;

  String zone() {
    return zone;
  }

  int minCopies() {
    if (minCopies < 1 || minCopies > HashSpace.MAX_COPIES) {
      throw CliException.usage("--min-copies must be from 1 to " + HashSpace.MAX_COPIES);
    }
    return minCopies;
  }
}
