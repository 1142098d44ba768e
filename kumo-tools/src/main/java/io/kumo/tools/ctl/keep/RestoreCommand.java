package io.kumo.tools.ctl.keep;

import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.tools.backup.RestoreRun;
import io.kumo.tools.ctl.command.CtlCommand;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Brings an image back. */
@Command(
    name = "restore",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Bring back what backup --to took, into this cluster or another one, while clients use it: each"
          + " record as if written when the restore began, so over what is older, deleted or flushed,"
          + " and not over what clients write from then on. Keys that are not in the image stay.",
      "A damaged image is refused before anything is changed. Exit 3 when records were refused."
    })
public final class RestoreCommand extends CtlCommand {
  @Option(
      names = "--from",
      paramLabel = "DIR|IMAGE|-",
      required = true,
      description = {
        "An image and those that it needs beside it, the newest of a directory, or images through"
            + " standard input, oldest first, of which each block is checked as it comes."
      })
  private String from = "";

  @Option(
      names = "--keep-newer",
      description =
          "Records keep their ClockTimes: what is newer in the cluster stays, what was deleted or"
              + " flushed since, too.")
  private boolean keepNewer;

  @Option(names = "--dry-run", description = "Only read the image, check it, and tell what it has.")
  private boolean dryRun;

  @Mixin private RateOption rate = new RateOption();

  @Override
  protected ExitStatus run() throws IOException {
    RestoreRun restore = new RestoreRun(printer(), manager(), keepNewer, rate.bytesPerSecond());
    boolean standard = from.equals(ImageOptions.STANDARD);
    if (dryRun) {
      return standard ? restore.look(System.in) : restore.look(Path.of(from));
    }
    return noted(standard ? restore.from(System.in) : restore.from(Path.of(from)));
  }
}
