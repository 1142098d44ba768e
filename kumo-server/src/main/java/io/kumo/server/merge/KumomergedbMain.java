package io.kumo.server.merge;

import io.kumo.core.cli.Cli;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.core.tokyo.OriginalStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The program kumomergedb: makes one database of the backups of several servers. */
@Command(
    name = "kumomergedb",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Merges backups of several servers into one database: of each key the newest version, and no"
          + " deleted one.",
      "A destination that exists is added to. It is replaced when all is merged, and not before."
    },
    customSynopsis = "kumomergedb [--salvage] DESTINATION.tch SOURCE.tch SOURCE.tch ...")
public final class KumomergedbMain implements Callable<Integer> {

  private static final int LEAST_FILES = 3;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--salvage",
      description = "Take what is sound of damaged sources, instead of refusing them.")
  private boolean salvage;

  @Parameters(arity = "0..*", paramLabel = "FILE", description = "Tokyo Cabinet hash files.")
  private List<Path> files = new ArrayList<>();

  public static void main(String[] args) {
    Cli.main(new KumomergedbMain(), args);
  }

  @Override
  public Integer call() {
    if (files.size() < LEAST_FILES) {
      throw CliException.usage("a destination and two sources at least are needed");
    }
    Path destination = files.get(0);
    if (!destination.toString().endsWith(".tch")) {
      throw CliException.usage(
          destination + " does not end in .tch; only Tokyo Cabinet hash files are written");
    }
    List<Path> sources = files.subList(1, files.size());
    long records = 0;
    long bytes = 0;
    for (Path source : sources) {
      try (OriginalStore store = OriginalStore.open(source, salvage)) {
        records = Math.max(records, store.expectedRecords());
        bytes += store.file().fileBytes();
      } catch (IOException e) {
        throw OriginalStore.failure(source, e);
      }
    }
    merge(destination, sources, records, bytes);
    return ExitStatus.DONE.code();
  }

  private void merge(Path destination, List<Path> sources, long records, long bytes) {
    PrintWriter out = spec.commandLine().getOut();
    try (Merge merge = Merge.into(destination, records, bytes)) {
      for (Path source : sources) {
        out.print("merging " + source + "...");
        out.flush();
        String note = add(merge, source);
        out.println("  merged %d records of %d records".formatted(merge.merged(), merge.total()));
        out.flush();
        note(source, note);
      }
      out.println("closing " + destination + "...");
      out.flush();
      merge.finish();
      out.println("done.");
      out.flush();
    } catch (IOException e) {
      throw OriginalStore.failure(destination, e);
    }
  }

  private String add(Merge merge, Path source) {
    try {
      return merge.add(source, salvage);
    } catch (IOException e) {
      spec.commandLine().getOut().println();
      throw OriginalStore.failure(source, e);
    }
  }

  private void note(Path source, String note) {
    if (!note.isEmpty()) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("kumomergedb: " + source + ": " + note);
      err.flush();
    }
  }
}
