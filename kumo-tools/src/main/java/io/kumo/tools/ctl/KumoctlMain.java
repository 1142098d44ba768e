package io.kumo.tools.ctl;

import io.kumo.core.cli.AddressConverter;
import io.kumo.core.cli.Cli;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Suggestion;
import io.kumo.core.cli.Version;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.core.protocol.admin.DetachFaultServers;
import io.kumo.core.protocol.admin.SetAutoReplace;
import io.kumo.core.protocol.admin.StartReplace;
import io.kumo.core.protocol.desk.SetLogLevel;
import io.kumo.tools.KeyText;
import io.kumo.tools.Printer;
import io.kumo.tools.RpcClient;
import io.kumo.tools.StatusClient;
import io.kumo.tools.ToolOptions;
import io.kumo.tools.WithoutManager;
import io.kumo.tools.cert.CertCommand;
import io.kumo.tools.repair.KeyCopies;
import io.kumo.tools.repair.Recovery;
import io.kumo.tools.repair.VerifyRun;
import io.kumo.tools.status.HistoryReport;
import io.kumo.tools.status.RequestReport;
import io.kumo.tools.status.StatusView;
import io.kumo.tools.user.UserCommand;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The program kumoctl: the operator's hand on a cluster, through a manager. */
@Command(
    name = "kumoctl",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Attaches, detaches, rebalances and looks after a cluster.",
    customSynopsis = "kumoctl [options] MANAGER[:PORT=19700] COMMAND [ARGUMENT]",
    subcommands = {
      ManagersCommand.class,
      CertCommand.class,
      UserCommand.class,
      ReloadCommand.class,
      KeysCommand.class,
      ExportCommand.class,
      ForceViewCommand.class
    },
    footer = "kumoctl COMMAND --help tells more of a command.")
public final class KumoctlMain implements Callable<Integer> {

  private static final String KEY_FORM =
      "As clients know it, a gateway's --key-prefix included; \\xHH for a byte that cannot be typed.";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "MANAGER[:PORT]",
      converter = AddressConverter.Manager.class,
      description = "Either of the cluster's managers.")
  private InetSocketAddress manager = new InetSocketAddress(0);

  /** What stands where a command should; picocli takes those that there are. */
  @Parameters(index = "1..*", hidden = true)
  private List<String> noCommand = new ArrayList<>();

  @Mixin private ToolOptions options = new ToolOptions();

  public static void main(String[] args) {
    Cli.main(new KumoctlMain(), WithoutManager.complete(args));
  }

  @Override
  public Integer call() {
    if (noCommand.isEmpty()) {
      throw CliException.usage("a command is missing");
    }
    throw Suggestion.unknownCommand(noCommand.get(0), spec.commandLine().getSubcommands().keySet());
  }

  @Command(
      name = "status",
      aliases = "stat",
      mixinStandardHelpOptions = true,
      description =
          "Servers and their states; exit 3 when one is fault, or says that its disk is full. With"
              + " -o table, wide or json also managers, gateways, what the cluster bears, and who"
              + " goes by other hash spaces, which is exit 3, too.")
  int status(@Mixin WatchOptions watch) {
    return show(watch, () -> ClusterStatus.print(printer(), manager));
  }

  @Command(
      name = "nodes",
      mixinStandardHelpOptions = true,
      description = "Managers and servers, a line for each; exit 3 as of status.")
  int nodes(@Mixin WatchOptions watch) {
    return show(watch, () -> ClusterStatus.print(printer(), manager, StatusView::nodes));
  }

  @Command(
      name = "gateways",
      mixinStandardHelpOptions = true,
      description =
          "Gateways that have come to this manager, a line for each; exit 3 as of status.")
  int gateways(@Mixin WatchOptions watch) {
    return show(watch, () -> ClusterStatus.print(printer(), manager, StatusView::gateways));
  }

  private int show(WatchOptions watch, Supplier<ExitStatus> look) {
    return watch.repeat(spec.commandLine().getOut(), look).code();
  }

  @Command(
      name = "whereis",
      mixinStandardHelpOptions = true,
      description =
          "A key's hash, its replicas in their order, and what each server has of it; exit 3 when"
              + " their copies differ, which are marked with !.")
  int whereis(@Parameters(paramLabel = "KEY", description = KEY_FORM) String key) {
    return KeyCopies.ask(printer(), manager, KeyText.rawKey(key)).print(printer()).code();
  }

  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      description =
          "Have every server compare all records that it coordinates with those of the other"
              + " replicas, value by value; exit 3 when copies differ and are not repaired.")
  int verify(@Mixin VerifyOptions verify) {
    VerifyRun run = new VerifyRun(printer(), manager);
    return verify.shows() ? run.show().code() : noted(() -> verify(run, verify));
  }

  private ExitStatus verify(VerifyRun run, VerifyOptions verify) {
    if (verify.stops()) {
      run.stop();
      return run.show();
    }
    run.begin(verify.repairs(), verify.rate(), verify.range(), null);
    if (verify.waits()) {
      return run.await();
    }
    printer().note("all servers verify; verify --show tells how far they are");
    return ExitStatus.DONE;
  }

  @Command(
      name = "history",
      mixinStandardHelpOptions = true,
      description =
          "The orders that the managers were given, the last one last: when, by whom, from where,"
              + " and what came of them.")
  int history(@Mixin SmallOptions.RowsOption rows) {
    return new HistoryReport(printer(), manager).print(rows.most).code();
  }

  @Command(
      name = "recover",
      mixinStandardHelpOptions = true,
      description =
          "Give every replica of a key the newest of its records, or a server everything that it"
              + " should have and has not.")
  int recover(
      @Parameters(
              paramLabel = "SERVER|KEY",
              description = "An active server of the cluster, else a key.")
          String what,
      @Mixin SmallOptions.KeyOption key) {
    return noted(() -> new Recovery(printer(), manager).recover(what, key.given()));
  }

  @Command(
      name = "attach",
      mixinStandardHelpOptions = true,
      description =
          "Take in all new servers, or those that are named, and rebalance. Servers of the cluster"
              + " that run and are not yet heard by the manager are waited for, for 5 s; exit 3 when"
              + " one that runs was not taken in.")
  int attach(
      @Mixin SmallOptions.ServersOption named,
      @Mixin RebalanceOptions rebalance,
      @Mixin SmallOptions.ForceOption force,
      @Mixin SmallOptions.AloneOption alone,
      @Mixin AttachOptions first) {
    if (!named.servers.isEmpty()) {
      return change(NamedServers.of(named.servers, List.of(), false), rebalance);
    }
    int copies = first.copies();
    AttachNewServers order = new AttachNewServers(true, force.given(), alone.given(), copies);
    MovePreview.LayoutChange change = MovePreview.attach(copies);
    if (rebalance.dryRun()) {
      return move(order, rebalance, change, () -> true);
    }
    AttachReport report = AttachReport.beforeAttach(printer(), manager, TimeSource.system());
    int code = move(order, rebalance, change, report::attached);
    return code == 0 ? report.status().code() : code;
  }

  @Command(
      name = "attach-noreplace",
      mixinStandardHelpOptions = true,
      description = "Take in all new servers, waiting as attach does.")
  int attachNoReplace(
      @Mixin SmallOptions.ForceOption force,
      @Mixin SmallOptions.AloneOption alone,
      @Mixin AttachOptions first) {
    int copies = first.copies();
    AttachReport report = AttachReport.beforeAttach(printer(), manager, TimeSource.system());
    order(new AttachNewServers(false, force.given(), alone.given(), copies), report::attached);
    return report.status().code();
  }

  @Command(
      name = "detach",
      aliases = "remove",
      mixinStandardHelpOptions = true,
      description =
          "Drop all fault servers, or those that are named, and rebalance. One that serves is not"
              + " dropped: drain it.")
  int detach(@Mixin SmallOptions.ServersOption named, @Mixin RebalanceOptions rebalance) {
    if (!named.servers.isEmpty()) {
      return change(NamedServers.of(List.of(), named.servers, false), rebalance);
    }
    DetachFaultServers order = new DetachFaultServers(true);
    if (rebalance.dryRun()) {
      return move(order, rebalance, MovePreview.DETACH, () -> true);
    }
    AttachReport report = AttachReport.beforeDetach(printer(), manager);
    int code = move(order, rebalance, MovePreview.DETACH, report::detached);
    return code == 0 ? report.status().code() : code;
  }

  @Command(
      name = "drain",
      mixinStandardHelpOptions = true,
      description =
          "Take servers out that serve: their keys go to the others at once, and the rebalance that"
              + " follows gives these what they lack. With --wait they may be stopped when it"
              + " returns.")
  int drain(
      @Parameters(
              arity = "1..*",
              paramLabel = "SERVER[:PORT]",
              converter = AddressConverter.Server.class,
              description = "Servers of the cluster.")
          List<InetSocketAddress> servers,
      @Mixin RebalanceOptions rebalance) {
    return change(NamedServers.of(List.of(), servers, true), rebalance);
  }

  private int change(NamedServers servers, RebalanceOptions rebalance) {
    AttachReport report = AttachReport.beforeDetach(printer(), manager);
    return move(
        servers.order(),
        rebalance,
        servers.preview(),
        () -> servers.attach().isEmpty() ? report.detached() : report.attached());
  }

  @Command(
      name = "detach-noreplace",
      mixinStandardHelpOptions = true,
      description = "Drop all fault servers.")
  int detachNoReplace() {
    AttachReport report = AttachReport.beforeDetach(printer(), manager);
    order(new DetachFaultServers(false), report::detached);
    return report.status().code();
  }

  @Command(
      name = "replace",
      mixinStandardHelpOptions = true,
      description =
          "Rebalance without attach and detach; or, with two servers, have the second take the place"
              + " of the first, which may be fault or serve, in one rebalance.")
  int replace(@Mixin SmallOptions.ServersOption named, @Mixin RebalanceOptions rebalance) {
    if (!named.servers.isEmpty()) {
      if (named.servers.size() != 2) {
        throw CliException.usage("replace names two servers, the old and the new one, or none");
      }
      List<InetSocketAddress> old = named.servers.subList(0, 1);
      return change(NamedServers.of(named.servers.subList(1, 2), old, true), rebalance);
    }
    return move(new StartReplace(false), rebalance, MovePreview.NONE, this::tellReplace);
  }

  @Command(
      name = "full-replace",
      mixinStandardHelpOptions = true,
      description = "Rebalance and compare every record with every replica.")
  int fullReplace(@Mixin RebalanceOptions rebalance) {
    return move(new StartReplace(true), rebalance, MovePreview.NONE, this::tellReplace);
  }

  @Command(
      name = "backup",
      mixinStandardHelpOptions = true,
      description = "Have every server copy its store.")
  int backup(
      @Parameters(
              arity = "0..1",
              paramLabel = "SUFFIX",
              description = "Of the copies' names (default: today, as 20261120).")
          @Nullable String suffix,
      @Mixin SmallOptions.BackupWait wait) {
    String chosen = suffix == null ? today() : suffix;
    return new StoreCommands(printer(), manager)
        .backup(introduction(), chosen, wait.given())
        .code();
  }

  @Command(
      name = "compact",
      mixinStandardHelpOptions = true,
      description = "Have a server rewrite its data files, to give free space back.")
  int compact(
      @Parameters(
              paramLabel = "SERVER[:PORT]",
              converter = AddressConverter.Server.class,
              description = "A server of the cluster.")
          InetSocketAddress server) {
    return noted(() -> new StoreCommands(printer(), manager).compact(server));
  }

  @Command(
      name = "du",
      mixinStandardHelpOptions = true,
      description = "What the stores of all servers take up.")
  int diskUse() {
    return new StoreCommands(printer(), manager).diskUse().code();
  }

  @Command(
      name = "log-level",
      mixinStandardHelpOptions = true,
      description = "Have a manager or server log more, or less, for a while.")
  int logLevel(
      @Parameters(
              paramLabel = "NODE:PORT",
              converter = AddressConverter.Server.class,
              description = "A server or a manager of the cluster.")
          InetSocketAddress node,
      @Parameters(paramLabel = "LEVEL", description = "error, warn, info, debug or trace.")
          SetLogLevel.Level level,
      @Mixin SmallOptions.ForOption span) {
    return noted(
        () -> {
          try (RpcClient client = options.connect(node)) {
            client.call(new SetLogLevel(level, span.ms()), RpcClient::nilOrBool);
          }
          return ExitStatus.DONE;
        });
  }

  @Command(
      name = "hot",
      mixinStandardHelpOptions = true,
      description =
          "Keys that were asked for most in the last minute or two, by an estimate, and large"
              + " values among them; keys with bytes that are not printed have \\xHH for them.")
  int hot(@Mixin SmallOptions.RowsOption rows) {
    return new RequestReport(printer(), rows.most).hot(manager).code();
  }

  @Command(
      name = "slow",
      mixinStandardHelpOptions = true,
      description = "Writes that took longer than --slow-write of their server, the latest first.")
  int slow(@Mixin SmallOptions.RowsOption rows) {
    return new RequestReport(printer(), rows.most).slow(manager).code();
  }

  @Command(
      name = "enable-auto-replace",
      mixinStandardHelpOptions = true,
      description = "Attach, detach and rebalance automatically.")
  int enableAutoReplace() {
    return order(new SetAutoReplace(true));
  }

  @Command(
      name = "disable-auto-replace",
      mixinStandardHelpOptions = true,
      description = "Leave that to the operator.")
  int disableAutoReplace() {
    return order(new SetAutoReplace(false));
  }

  @Command(
      name = "dump",
      mixinStandardHelpOptions = true,
      description = "Print the state of the managers, or write it to a file.")
  int dump(
      @Parameters(arity = "0..1", paramLabel = "FILE", description = "Written anew.")
          @Nullable Path file) {
    return ManagerState.dump(printer(), manager, file).code();
  }

  @Command(
      name = "load",
      mixinStandardHelpOptions = true,
      description = "Give a manager the state that dump wrote.")
  int load(
      @Parameters(paramLabel = "FILE", description = "What dump wrote.") Path file,
      @Mixin SmallOptions.StateFileOptions load) {
    return order(ManagerState.read(file, load.force));
  }

  /** A rebalance of no server is none. */
  private boolean tellReplace() {
    try (RpcClient client = options.connect(manager)) {
      boolean served = !StatusClient.activeServers(client).isEmpty();
      printer()
          .note(served ? "told all servers to rebalance" : "no server is active: nothing is done");
    } catch (CliException e) {
      printer().note("what came of it is not known: " + e.getMessage());
    }
    return true;
  }

  /**
   * @param told run when the order has been answered; false when it has changed nothing
   */
  private int move(
      Message message,
      RebalanceOptions rebalance,
      MovePreview.LayoutChange change,
      RebalanceWatch.Told told) {
    if (rebalance.dryRun()) {
      boolean full = message instanceof StartReplace start && start.full();
      MovePreview.print(printer(), manager, change, rebalance.zones(), full);
      return ExitStatus.DONE.code();
    }
    if (!rebalance.waits()) {
      return order(message, told);
    }
    TimeSource time = TimeSource.system();
    RebalanceProgress view = new RebalanceProgress(printer(), time);
    return new RebalanceWatch(options, manager, view, time)
        .run(introduction(), message, printer(), told)
        .code();
  }

  InetSocketAddress manager() {
    return manager;
  }

  private int order(Message message) {
    return order(message, () -> true);
  }

  private int order(Message message, RebalanceWatch.Told told) {
    try (RpcClient client = options.connect(manager)) {
      introduction().give(client);
      printer().result(client.call(message, RpcClient::nilOrBool));
    }
    told.changed();
    return ExitStatus.DONE.code();
  }

  /** Who gives the orders of this command. */
  Introduction introduction() {
    List<String> typed = spec.commandLine().getParseResult().originalArgs();
    return new Introduction("kumoctl " + String.join(" ", typed));
  }

  /** What is ordered of servers, in the history, too. */
  private int noted(Supplier<ExitStatus> order) {
    ExitStatus status = order.get();
    String outcome = status == ExitStatus.DONE ? "done" : "exit " + status.code();
    introduction().note(printer(), manager, outcome);
    return status.code();
  }

  private static String today() {
    Instant now = Instant.ofEpochMilli(TimeSource.system().unixMillis());
    return DateTimeFormatter.ofPattern("yyyyMMdd").withZone(ZoneId.systemDefault()).format(now);
  }

  Printer printer() {
    return new Printer(spec.commandLine().getOut(), spec.commandLine().getErr(), options);
  }
}
