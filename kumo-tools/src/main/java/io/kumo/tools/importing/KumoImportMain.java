package io.kumo.tools.importing;

import io.kumo.core.cli.Cli;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Logging;
import io.kumo.core.cli.Version;
import io.kumo.core.cli.option.ManagerPairOptions;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.rpc.NamedNode;
import io.kumo.core.tokyo.Damage;
import io.kumo.core.tokyo.OriginalStore;
import io.kumo.core.tokyo.TchContents;
import io.kumo.tools.NodeOptions;
import io.kumo.tools.OutputFormat;
import io.kumo.tools.importing.source.Ndjson;
import io.kumo.tools.importing.source.RecordSource;
import io.kumo.tools.importing.source.SourceOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The program kumo-import: looks at, prints, and loads what other programs have stored. */
@Command(
    name = "kumo-import",
    customSynopsis = {
      "kumo-import -m MANAGER [-p MANAGER] [options] FILE.tch ...",
      "kumo-import -m MANAGER [-p MANAGER] [options] --memcached HOST:PORT",
      "kumo-import -m MANAGER [-p MANAGER] [options] --resp FILE | --ndjson FILE",
      "kumo-import --dry-run | --to-ndjson [options] FILE.tch ..."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Loads the databases of kumofs servers, a memcached, a Redis dump or lines of JSON into a"
          + " running cluster, while clients use it. Of each key the newest version stays, deleted"
          + " ones included; it keeps its ClockTime as its CAS.",
      "An import that was interrupted goes on when the same command is given again: how far it was"
          + " is in FILE.import beside the first source, or where --state says, until it ends."
    })
public final class KumoImportMain implements Callable<Integer> {
  private static final int LINES_PER_CHECK = 1 << 12;
  private static final int MAX_IN_FLIGHT = 1 << 16;

  @Spec private CommandSpec spec = CommandSpec.create();

  @ArgGroup(exclusive = false)
  private @Nullable ManagerPairOptions managers;

  @Mixin private SourceOptions source = new SourceOptions();

  @Option(
      names = "--dry-run",
      description = "Only tell what there is; exit 3 if it is damaged, or some of it refused.")
  private boolean dryRun;

  @Option(
      names = "--to-ndjson",
      description = "Print each record of Tokyo Cabinet files as a line of JSON.")
  private boolean toNdjson;

  @Option(names = "--state", paramLabel = "FILE", description = "Keep here how far the import is.")
  private @Nullable Path state;

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      defaultValue = "" + ClusterLoader.DEFAULT_IN_FLIGHT,
      description = "Records on their way at once (default: ${DEFAULT-VALUE}).")
  private int inFlight = ClusterLoader.DEFAULT_IN_FLIGHT;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      converter = OutputFormat.TextOrJson.class,
      defaultValue = "text",
      description = "Of what is told: text or json (default: ${DEFAULT-VALUE}).")
  private OutputFormat format = OutputFormat.TEXT;

  @Mixin private NodeOptions nodes = new NodeOptions();

  private long lines;

  public static void main(String[] args) {
    Cli.main(new KumoImportMain(), args);
  }

  @Override
  public Integer call() throws IOException {
    source.check();
    int actions = (managers == null ? 0 : 1) + (dryRun ? 1 : 0) + (toNdjson ? 1 : 0);
    if (actions != 1) {
      throw CliException.usage("one of -m MANAGER, --dry-run and --to-ndjson is needed");
    }
    if (inFlight < 1 || inFlight > MAX_IN_FLIGHT) {
      throw CliException.usage("--in-flight must be from 1 to " + MAX_IN_FLIGHT);
    }
    if (toNdjson && source.files().isEmpty()) {
      throw CliException.usage("--to-ndjson prints Tokyo Cabinet files alone");
    }
    if (managers != null) {
      return load(managers.names()).code();
    }
    ExitStatus status = ExitStatus.DONE;
    for (Path file : source.files()) {
      ExitStatus one = look(file);
      status = one == ExitStatus.DONE ? status : one;
    }
    return (source.files().isEmpty() ? countOnly() : status).code();
  }

  private ExitStatus load(List<NamedNode> names) throws IOException {
    List<String> what = new ArrayList<>();
    names.forEach(name -> what.add("manager " + name));
    what.addAll(source.identities());
    Path path = state == null ? source.defaultState() : state;
    ImportState resumed = ImportState.find(path, what);
    long startNs = TimeSource.system().nanoTime();
    try (ClusterSession session = ClusterSession.open(names, source.timeout(), nodes.security())) {
      ImportState begun =
          resumed == null ? ImportState.begin(path, what, session.nowSeconds()) : resumed;
      if (resumed != null) {
        note("goes on from " + path);
      }
      List<RecordSource> sources = source.open(begun.began());
      try {
        ImportRun run = new ImportRun(session, begun, inFlight, Logging.onTerminal());
        ImportCounts counts = run.load(sources);
        begun.remove();
        sources.forEach(each -> note(each.name(), each.note()));
        report(counts, TimeSource.system().nanoTime() - startNs);
        return counts.refusedCount() == 0 ? ExitStatus.DONE : ExitStatus.NOT_AS_IT_SHOULD_BE;
      } catch (CliException e) {
        throw CliException.failed(
            e.getMessage() + "; the same command goes on from where it was (" + path + ")");
      } finally {
        closeAll(sources);
      }
    }
  }

  private static void closeAll(List<RecordSource> sources) throws IOException {
    for (RecordSource each : sources) {
      each.close();
    }
  }

  private void report(ImportCounts counts, long tookNs) {
    double seconds = tookNs / (double) TimeUnit.SECONDS.toNanos(1);
    PrintWriter out = spec.commandLine().getOut();
    if (format == OutputFormat.JSON) {
      out.println(counts.json().put("records", counts.all()).put("seconds", seconds));
    } else {
      out.print(counts.text());
      out.printf(Locale.ROOT, "records        %d in %.1f s%n", counts.all(), seconds);
    }
    out.flush();
  }

  private ExitStatus countOnly() throws IOException {
    ImportCounts counts = new ImportCounts();
    List<RecordSource> sources =
        source.open(TimeUnit.MILLISECONDS.toSeconds(TimeSource.system().unixMillis()));
    try {
      for (RecordSource each : sources) {
        each.read(new CountingSink(counts));
      }
    } finally {
      closeAll(sources);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(format == OutputFormat.JSON ? counts.dryJson() + "\n" : counts.dryText());
    out.flush();
    return counts.refusedCount() == 0 ? ExitStatus.DONE : ExitStatus.NOT_AS_IT_SHOULD_BE;
  }

  private ExitStatus look(Path file) {
    try {
      return dryRun ? dryRun(file) : toNdjson(file);
    } catch (IOException e) {
      throw OriginalStore.failure(file, e);
    }
  }

  private ExitStatus dryRun(Path file) throws IOException {
    Survey survey = Survey.of(file);
    PrintWriter out = spec.commandLine().getOut();
    out.print(format == OutputFormat.JSON ? survey.json() + "\n" : survey.text());
    out.flush();
    return survey.isSound() ? ExitStatus.DONE : ExitStatus.NOT_AS_IT_SHOULD_BE;
  }

  /** A file that is to be sound is read twice: its last byte may show that the first is wrong. */
  private ExitStatus toNdjson(Path file) throws IOException {
    boolean salvage = source.salvage();
    try (OriginalStore store = OriginalStore.open(file, salvage)) {
      if (!salvage) {
        store.read((kind, key, value) -> {});
      }
      Ndjson ndjson = new Ndjson(spec.commandLine().getOut(), source.layout());
      TchContents contents =
          store.read(
              (kind, key, value) -> {
                ndjson.write(kind, key, value);
                checkReader();
              });
      ndjson.finish();
      String damage = Damage.describe(store.file().problem(), contents, store.foreign());
      note(file.toString(), salvage ? damage : "");
      long tooShort = ndjson.tooShort();
      note(file.toString(), tooShort == 0 ? "" : tooShort + " records too short to be any");
      return ExitStatus.DONE;
    }
  }

  private void checkReader() {
    if (++lines % LINES_PER_CHECK == 0 && System.out.checkError()) {
      throw CliException.failed("nobody reads what is printed");
    }
  }

  private void note(String name, String what) {
    if (!what.isEmpty()) {
      note(name + ": " + what);
    }
  }

  private void note(String what) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("kumo-import: " + what);
    err.flush();
  }
}
