package io.kumo.tools.top;

import io.kumo.core.cli.AddressConverter;
import io.kumo.core.cli.Cli;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.DefaultPorts;
import io.kumo.core.cli.DurationConverter;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Logging;
import io.kumo.core.cli.Version;
import io.kumo.core.clock.TimeSource;
import io.kumo.tools.NodeOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The program kumotop: what the servers do, drawn on the whole terminal. */
@Command(
    name = "kumotop",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Shows the statistics of servers as they change.",
    customSynopsis = {
      "kumotop [options] SERVER[:PORT=19800] ...",
      "       kumotop [options] -m MANAGER[:PORT=19700]"
    },
    footer = {
      "The status is ready, WAIT, Copying, Deleting, inactive, suspended, or FULL when the disk"
          + " is.",
      "On a terminal, h tells the keys. Elsewhere it prints plain lines, a header first."
    })
public final class KumotopMain implements Callable<Integer> {

  /** So soon a key, another size of the window and what is new show. */
  private static final Duration KEY_WAIT = Duration.ofMillis(50);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-m", "--manager"},
      paramLabel = "MANAGER[:PORT]",
      converter = AddressConverter.Manager.class,
      description = "Show every server that is attached at this manager.")
  private @Nullable InetSocketAddress manager;

  @Parameters(arity = "0..*", paramLabel = "SERVER[:PORT]", description = "Show these servers.")
  private List<String> servers = new ArrayList<>();

  @Option(
      names = {"-g", "--gateway"},
      paramLabel = "GATEWAY[:PORT]",
      description =
          "On a terminal, show this gateway, too; its port for memcached's clients. With -m and"
              + " without -g those are shown that have come to the manager.")
  private List<String> gateways = new ArrayList<>();

  @Option(
      names = {"-i", "--interval"},
      paramLabel = "TIME",
      defaultValue = "0.5s",
      converter = DurationConverter.class,
      description = "Between two looks (default: ${DEFAULT-VALUE}).")
  private Duration interval = Duration.ofMillis(500);

  @Option(
      names = {"-n", "--count"},
      paramLabel = "N",
      description = "End after so many looks (default: never).")
  private long count = Long.MAX_VALUE;

  @Mixin private NodeOptions nodes = new NodeOptions();

  public static void main(String[] args) {
    Cli.main(new KumotopMain(), args);
  }

  @Override
  public Integer call() throws IOException {
    if ((manager == null) == servers.isEmpty()) {
      throw CliException.usage("give either servers or -m with a manager");
    }
    List<InetSocketAddress> addresses =
        servers.stream()
            .map(text -> AddressConverter.parseArgument(text, DefaultPorts.SERVER))
            .toList();
    if (count < 1) {
      throw CliException.usage("-n must be at least 1");
    }
    List<InetSocketAddress> asked =
        gateways.stream()
            .map(text -> AddressConverter.parseArgument(text, DefaultPorts.TEXT))
            .toList();
    try (TopPoller poller = new TopPoller(manager, addresses, asked, nodes, TimeSource.system())) {
      if (Logging.onTerminal()) {
        redraw(poller);
      } else {
        printLines(poller);
      }
      if (!poller.hasAnswer()) {
        throw CliException.failed("no server has answered");
      }
    }
    return ExitStatus.DONE.code();
  }

  private void redraw(TopPoller poller) throws IOException {
    try (TopFeed feed = TopFeed.start(poller, interval);
        TopScreen screen = new TopScreen()) {
      TopView view = new TopView(screen.isUnicode(), Logging.coloured(), ZoneId.systemDefault());
      TopControls controls = new TopControls();
      TopPast past = new TopPast();
      TopLook look = feed.last();
      past.add(look.servers());
      long seen = 1;
      boolean changed = true;
      while (seen < count || changed) {
        if (changed || screen.wasResized()) {
          screen.draw(view.lines(look, past, controls, screen.columns(), screen.rows()));
        }
        int key = screen.key(KEY_WAIT);
        if (key != TopScreen.NO_KEY && controls.key(key) == TopControls.Wish.QUIT) {
          return;
        }
        changed = key != TopScreen.NO_KEY;
        TopLook newest = feed.last();
        if (feed.number() > seen && !controls.isPaused()) {
          seen = feed.number();
          look = newest;
          past.add(look.servers());
          changed = true;
        }
      }
    }
  }

  private void printLines(TopPoller poller) {
    PrintWriter out = spec.commandLine().getOut();
    TopTable table = new TopTable(TopTable.WIDE_COLUMNS, ZoneId.systemDefault());
    for (long look = 1; ; look++) {
      List<TopRow> rows = poller.poll();
      if (look == 1) {
        table.header().forEach(out::println);
      }
      table.lines(rows).forEach(out::println);
      out.flush();
      // System.out keeps to itself that nobody reads any more; the writer around it does not ask.
      if (look >= count || out.checkError() || System.out.checkError()) {
        return;
      }
      LockSupport.parkNanos(interval.toNanos());
    }
  }
}
