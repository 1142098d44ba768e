package io.kumo.tools.ctl;

import io.kumo.core.cli.Version;
import io.kumo.tools.importing.RecordScan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Writes records out. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "All records that clients see as lines of JSON, which kumo-import --ndjson reads; each is"
            + " what it was when it was read. Exit 3 as of keys.")
final class ExportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @ParentCommand private KumoctlMain kumoctl = new KumoctlMain();
  @Mixin private SmallOptions.PrefixOptions which = new SmallOptions.PrefixOptions();

  @Option(
      names = "--to",
      paramLabel = "FILE",
      description = "Into a new file (default: standard output).")
  private @Nullable Path to;

  @Option(
      names = "--without-times",
      description =
          "Leave ClockTimes out: an import with --overwrite then counts as a write of its own"
              + " time, after deletes and flush_all, too.")
  private boolean withoutTimes;

  @Override
  public Integer call() throws IOException {
    return new RecordScan(kumoctl.printer(), kumoctl.manager(), which.prefix, which.limit)
        .export(spec.commandLine().getOut(), to, !withoutTimes)
        .code();
  }
}
