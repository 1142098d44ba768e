package io.kumo.server.merge;

import io.kumo.core.cli.AddressConverter;
import io.kumo.core.cli.Cli;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.tokyo.OriginalStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
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
    sortOptions = false,
    description = {
      "Merges databases and backups of several servers into one: of each key the newest version."
          + " Sources are Tokyo Cabinet hash files and stores of kumo, which are not changed.",
      "A destination that ends in .tch is a Tokyo Cabinet hash file without deleted keys, replaced"
          + " when all is merged; any other is a store of kumo. One that exists is added to."
    },
    customSynopsis = "kumomergedb [options] DESTINATION SOURCE SOURCE ...")
public final class KumomergedbMain implements Callable<Integer> {

  private static final int LEAST_FILES = 3;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--salvage",
      description = "Take what is sound of damaged .tch sources, instead of refusing them.")
  private boolean salvage;

  @Option(
      names = {"-l", "--listen"},
      paramLabel = "HOST[:PORT]",
      defaultValue = "127.0.0.1:19800",
      converter = AddressConverter.Server.class,
      description = {
        "Of a store that is made: the -l of the server that will open it (default:"
            + " ${DEFAULT-VALUE})."
      })
  private InetSocketAddress listen = new InetSocketAddress(0);

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE",
      description = "The destination, and two sources at least.")
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
    List<Path> sources = files.subList(1, files.size());
    long records = 0;
    long bytes = 0;
    for (Path source : sources) {
      refuseDestination(source, destination);
      try (MergeSource opened = open(source)) {
        records = Math.max(records, opened.expectedRecords());
        bytes += opened.bytes();
      } catch (IOException e) {
        throw OriginalStore.failure(source, e);
      }
    }
    merge(destination, sources, records, bytes);
    return ExitStatus.DONE.code();
  }

  private static void refuseDestination(Path source, Path destination) {
    try {
      if (Files.exists(destination) && Files.isSameFile(source, destination)) {
        throw CliException.failed(source + ": it is the destination, too");
      }
    } catch (IOException e) {
      throw OriginalStore.failure(source, e);
    }
  }

  /** Copies of what a store has to change while it is read lie beside the destination. */
  private MergeSource open(Path source) throws IOException {
    Path folder = files.get(0).toAbsolutePath().getParent();
    return MergeSource.open(source, salvage, folder == null ? Path.of("/") : folder);
  }

  private void merge(Path destination, List<Path> sources, long records, long bytes) {
    PrintWriter out = spec.commandLine().getOut();
    try (MergeTarget target = target(destination, records, bytes)) {
      for (Path source : sources) {
        out.print("merging " + source + "...");
        out.flush();
        String note = add(target, source);
        out.println("  merged %d records of %d records".formatted(target.merged(), target.total()));
        out.flush();
        note(source, note);
      }
      out.println("closing " + destination + "...");
      out.flush();
      target.finish();
      out.println("done.");
      out.flush();
    } catch (IOException e) {
      throw OriginalStore.failure(destination, e);
    }
  }

  private MergeTarget target(Path destination, long records, long bytes) throws IOException {
    return destination.toString().endsWith(".tch")
        ? TchTarget.into(destination, records, bytes)
        : StoreTarget.into(destination, NodeAddress.of(listen).toString());
  }

  private String add(MergeTarget target, Path source) {
    try (MergeSource opened = open(source)) {
      opened.read(target::add);
      return opened.note();
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
