package io.kumo.tools.ctl.keep;

import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.tools.ctl.command.CtlCommand;
import io.kumo.tools.importing.RecordScan;
import io.kumo.tools.importing.source.LineForm;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes records out. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "All records that clients see as lines of JSON, which kumo-import --ndjson reads, too, or"
            + " of fields with tabs between them; each is what it was when it was read. Exit 3 as"
            + " of keys.")
public final class ExportCommand extends CtlCommand {
  /** As of backup. */
  private static final Path STANDARD = Path.of(ImageOptions.STANDARD);

  @Mixin private PrefixOptions which = new PrefixOptions();

  @Option(
      names = "--to",
      paramLabel = "FILE|-",
      description = "Into a new file; - is standard output (default: -).")
  private @Nullable Path to;

  @Option(
      names = "--form",
      paramLabel = "ndjson|tsv",
      description =
          "Lines of JSON, or of fields with tabs between them, named by the first line"
              + " (default: as the name of FILE ends, else ndjson).")
  private @Nullable LineForm form;

  @Option(
      names = "--without-times",
      description =
          "Leave ClockTimes out: an import with --overwrite then counts as a write of its own"
              + " time, after deletes and flush_all, too.")
  private boolean withoutTimes;

  @Override
  protected ExitStatus run() throws IOException {
    Path file = STANDARD.equals(to) ? null : to;
    return new RecordScan(printer(), manager(), which.prefix(), which.limit())
        .export(printer().out(), file, LineForm.of(form, file), !withoutTimes);
  }
}
