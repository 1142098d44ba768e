package io.kumo.tools.bench;

import io.kumo.core.cli.Cli;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Logging;
import io.kumo.core.cli.Version;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.security.ClientTls;
import io.kumo.tools.OutputFormat;
import io.kumo.tools.bench.wire.BenchTarget;
import io.kumo.tools.bench.wire.TlsOptions;
import io.kumo.tools.bench.workload.LoadSpec;
import io.kumo.tools.bench.workload.ProtocolKind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The program kumobench. */
@Command(
    name = "kumobench",
    customSynopsis = "kumobench [options] [NAME=][tls://]HOST[:PORT=11211] ...",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Loads a memcached server and reports rate and latency, verifying every value.",
      "With several targets their rounds alternate, and the ratio of each to the last",
      "is reported with its spread."
    })
public final class KumobenchMain implements Callable<Integer> {
  private static final int MAX_TARGETS = 4;
  private static final int MAX_ROUNDS = 10_000;
  private static final int MAX_CONNECTS = 10_000;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..*",
      paramLabel = "[NAME=][tls://]HOST[:PORT]",
      description = "The servers, at most four; tls:// for TLS 1.2 or 1.3.")
  private List<String> addresses = new ArrayList<>();

  @Mixin private LoadOptions load = new LoadOptions();

  @Mixin private TlsOptions tls = new TlsOptions();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "1",
      description = "Measure each target this often, in turn (default: ${DEFAULT-VALUE}).")
  private int rounds = 1;

  @Option(
      names = "--populate",
      defaultValue = "true",
      description = "Store all keys first; 'no' takes what is there (default: yes).")
  private boolean populate = true;

  @Option(
      names = "--pids",
      paramLabel = "PID[,PID...]",
      description = "Processes whose CPU time to report; once per target, in order.")
  private List<String> pids = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      converter = OutputFormat.TextOrJson.class,
      defaultValue = "text",
      description = "text or json (default: ${DEFAULT-VALUE}).")
  private OutputFormat output = OutputFormat.TEXT;

  @Option(
      names = "--ceiling",
      description =
          "Measure the generator itself, against a server of its own that stores nothing.")
  private boolean ceiling;

  @Option(
      names = "--connects",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Generate no load, but make so many connections to each server, one after another, and"
              + " report how long it takes from the TCP connect until a get is answered.")
  private int connects;

  @Option(
      names = "--relay",
      paramLabel = "PORT",
      defaultValue = "0",
      description =
          "Generate nothing, but pass on what comes to this loopback port to the server named,"
              + " until stopped: a bare hop to compare with.")
  private int relayPort;

  public static void main(String[] args) {
    Cli.main(new KumobenchMain(), args);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (rounds < 1 || rounds > MAX_ROUNDS) {
      throw CliException.usage("--rounds is a number from 1 to " + MAX_ROUNDS);
    }
    if (relayPort < 0 || connects < 0) {
      throw CliException.usage(
          relayPort < 0 ? "--relay takes a port" : "--connects takes a number of connections");
    }
    LoadSpec loadSpec = load.toSpec();
    List<BenchTarget> targets = targets();
    if (ceiling) {
      return measureCeiling(loadSpec);
    }
    if (targets.isEmpty()) {
      throw CliException.usage("a server's address is missing");
    }
    if (targets.size() > MAX_TARGETS) {
      throw CliException.usage("at most " + MAX_TARGETS + " servers can be compared");
    }
    if (relayPort > 0) {
      return relay(targets);
    }
    return connects > 0 ? measureConnects(loadSpec, targets) : measure(loadSpec, targets, populate);
  }

  private List<BenchTarget> targets() {
    ClientTls clientTls = tls.open(addresses.stream().anyMatch(BenchTarget::isTls));
    return addresses.stream().map(address -> BenchTarget.parse(address, clientTls)).toList();
  }

  private int measureConnects(LoadSpec loadSpec, List<BenchTarget> targets) {
    if (connects > MAX_CONNECTS || output != OutputFormat.TEXT) {
      throw CliException.usage(
          "--connects takes a number up to " + MAX_CONNECTS + ", and reports as text");
    }
    FirstAnswers measuring = new FirstAnswers(loadSpec, TimeSource.system());
    print(new FirstAnswersReport(targets, measuring.measure(targets, connects)).write());
    return ExitStatus.DONE.code();
  }

  private void print(String report) {
    spec.commandLine().getOut().println(report);
    spec.commandLine().getOut().flush();
  }

  private int relay(List<BenchTarget> targets) throws InterruptedException {
    if (targets.size() != 1 || relayPort > 65_535) {
      throw CliException.usage("--relay takes a port and goes to one server");
    }
    if (targets.get(0).tls() != null || connects > 0) {
      throw CliException.usage("--relay passes on what comes: no tls://, no --connects");
    }
    try (Relay relay = new Relay(relayPort, targets.get(0).address())) {
      relay.awaitEnd();
    }
    return ExitStatus.DONE.code();
  }

  private int measureCeiling(LoadSpec loadSpec) throws IOException, InterruptedException {
    if (!addresses.isEmpty() || loadSpec.protocol() != ProtocolKind.TEXT || connects > 0) {
      throw CliException.usage("--ceiling has its own server, which speaks text and takes loads");
    }
    try (TrivialServer server = new TrivialServer(loadSpec)) {
      return measure(loadSpec, List.of(new BenchTarget("ceiling", server.address(), null)), false);
    }
  }

  private int measure(LoadSpec loadSpec, List<BenchTarget> all, boolean populateFirst)
      throws InterruptedException {
    TimeSource time = TimeSource.system();
    boolean showProgress = output == OutputFormat.TEXT && Logging.onTerminal();
    LoadRunner runner = new LoadRunner(time, new LoadProgress(time, showProgress));
    if (populateFirst) {
      for (BenchTarget target : all) {
        runner.populate(loadSpec, target);
      }
    }
    List<List<Result>> results = rounds(runner, loadSpec, all);
    print(
        output == OutputFormat.JSON
            ? new JsonReport(loadSpec, results).write()
            : new TextReport(loadSpec, results).write());
    return verdict(results).code();
  }

  /** The order changes with every round, so that neither target always follows the other. */
  private List<List<Result>> rounds(LoadRunner runner, LoadSpec loadSpec, List<BenchTarget> all)
      throws InterruptedException {
    List<List<Result>> results = new ArrayList<>();
    all.forEach(target -> results.add(new ArrayList<>()));
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < all.size(); i++) {
        int which = round % 2 == 0 ? i : all.size() - 1 - i;
        Duration warmUp = round == 0 ? loadSpec.warmUp() : loadSpec.warmUp().dividedBy(10);
        results.get(which).add(runner.run(loadSpec, all.get(which), warmUp, pidsOf(which)));
      }
    }
    return results;
  }

  private List<Long> pidsOf(int target) {
    List<Long> numbers = new ArrayList<>();
    if (target < pids.size()) {
      for (String pid : pids.get(target).split(",", -1)) {
        if (!pid.matches("\\d{1,9}")) {
          throw CliException.usage("--pids takes numbers, not '" + pid + "'");
        }
        numbers.add(Long.parseLong(pid));
      }
    }
    return numbers;
  }

  private static ExitStatus verdict(List<List<Result>> results) {
    for (List<Result> ofTarget : results) {
      for (Result result : ofTarget) {
        Stats stats = result.stats();
        if (stats.wrong > 0 || stats.lost > 0 || stats.errors() > 0 || stats.answered() == 0) {
          return ExitStatus.FAILED;
        }
      }
    }
    return ExitStatus.DONE;
  }
}
