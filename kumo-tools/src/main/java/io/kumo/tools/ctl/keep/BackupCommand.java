package io.kumo.tools.ctl.keep;

import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.core.clock.TimeSource;
import io.kumo.tools.ctl.command.CtlCommand;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Has servers copy their stores. */
@Command(
    name = "backup",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Have every server copy its store, beside it.",
      "With --to, have an image of the cluster made here instead, which restore brings back. Writes"
          + " are held for some milliseconds, so that no write is in it without those that it was"
          + " made after."
    })
public final class BackupCommand extends CtlCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "SUFFIX",
      description = "Of the copies' names (default: today, as 20261120).")
  private @Nullable String suffix;

  @Option(names = "--wait", description = "Return when every server has; 1 when one failed.")
  private boolean wait;

  @Mixin private ImageOptions image = new ImageOptions();

  @Override
  protected ExitStatus run() throws IOException {
    if (image.isWanted()) {
      if (suffix != null || wait) {
        throw CliException.usage("--to goes without SUFFIX and --wait");
      }
      return noted(image.take(printer(), manager()));
    }
    String chosen = suffix == null ? today() : suffix;
    return new StoreOrders(printer(), manager()).backup(introduction(), chosen, wait);
  }

  private static String today() {
    Instant now = Instant.ofEpochMilli(TimeSource.system().unixMillis());
    return DateTimeFormatter.ofPattern("yyyyMMdd").withZone(ZoneId.systemDefault()).format(now);
  }
}
