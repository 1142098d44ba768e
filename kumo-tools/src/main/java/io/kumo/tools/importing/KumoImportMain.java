package io.kumo.tools.importing;

import io.kumo.core.cli.Cli;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.core.item.ItemLayout;
import io.kumo.core.tokyo.Damage;
import io.kumo.core.tokyo.OriginalStore;
import io.kumo.core.tokyo.TchContents;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The program kumo-import: reads the database of a server of kumofs 0.4.13. */
@Command(
    name = "kumo-import",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Reads the Tokyo Cabinet hash file of a kumofs server, or a backup of one.")
public final class KumoImportMain implements Callable<Integer> {

  private static final int LINES_PER_CHECK = 1 << 12;

  private enum Format {
    TEXT,
    JSON
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "FILE.tch", description = "A file that no server has open.")
  private Path file = Path.of("");

  @Option(names = "--dry-run", description = "Only tell what is in it; exit 3 if it is damaged.")
  private boolean dryRun;

  @Option(names = "--to-ndjson", description = "Print each record as a line of JSON.")
  private boolean toNdjson;

  @Option(
      names = "--salvage",
      description = "Take what is sound of a damaged file, instead of refusing it.")
  private boolean salvage;

  @Option(
      names = {"-F", "--memproto-save-flag"},
      description = "The gateways that stored the records had this option.")
  private boolean flags;

  @Option(
      names = {"-E", "--memproto-save-expire"},
      description = "The gateways that stored the records had this option.")
  private boolean expiry;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "Of --dry-run: text or json (default: ${DEFAULT-VALUE}).")
  private Format format = Format.TEXT;

  private long lines;

  public static void main(String[] args) {
    Cli.main(new KumoImportMain(), args);
  }

  @Override
  public Integer call() {
    if (dryRun == toNdjson) {
      throw CliException.usage("one of --dry-run and --to-ndjson is needed");
    }
    try {
      return (dryRun ? dryRun() : toNdjson()).code();
    } catch (IOException e) {
      throw OriginalStore.failure(file, e);
    }
  }

  private ExitStatus dryRun() throws IOException {
    Survey survey = Survey.of(file);
    PrintWriter out = spec.commandLine().getOut();
    out.print(format == Format.JSON ? survey.json() + "\n" : survey.text());
    out.flush();
    return survey.isSound() ? ExitStatus.DONE : ExitStatus.NOT_AS_IT_SHOULD_BE;
  }

  /** A file that is to be sound is read twice: its last byte may show that the first is wrong. */
  private ExitStatus toNdjson() throws IOException {
    try (OriginalStore store = OriginalStore.open(file, salvage)) {
      if (!salvage) {
        store.read((kind, key, value) -> {});
      }
      Ndjson ndjson = new Ndjson(spec.commandLine().getOut(), new ItemLayout(false, flags, expiry));
      TchContents contents =
          store.read(
              (kind, key, value) -> {
                ndjson.write(kind, key, value);
                checkReader();
              });
      ndjson.finish();
      String damage = Damage.describe(store.file().problem(), contents, store.foreign());
      note(salvage ? damage : "");
      note(ndjson.tooShort() == 0 ? "" : ndjson.tooShort() + " records too short to be any");
      return ExitStatus.DONE;
    }
  }

  private void checkReader() {
    if (++lines % LINES_PER_CHECK == 0 && System.out.checkError()) {
      throw CliException.failed("nobody reads what is printed");
    }
  }

  private void note(String what) {
    if (!what.isEmpty()) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("kumo-import: " + file + ": " + what);
      err.flush();
    }
  }
}
