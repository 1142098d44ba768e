package io.kumo.tools.top;

import io.kumo.core.cli.CliException;
import io.kumo.core.cli.Logging;
import io.kumo.core.clock.TimeSource;
import io.kumo.tools.NodeOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Looks at servers again and again: on the whole terminal, else in plain lines. */
public final class TopRun {
  /** So soon a key, another size of the window and what is new show. */
  private static final Duration KEY_WAIT = Duration.ofMillis(50);

  private final Duration interval;
  private final long count;
  private final List<InetSocketAddress> gateways;
  private final NodeOptions nodes;
  private final PrintWriter out;

  /**
   * @param nodes how they are connected to
   * @param out where plain lines go
   */
  public TopRun(TopOptions options, NodeOptions nodes, PrintWriter out) {
    this.interval = options.interval();
    this.count = options.count();
    this.gateways = options.gateways();
    this.nodes = nodes;
    this.out = out;
  }

  /**
   * Returns when it was told to, or nobody reads any more; throws {@link CliException} when no
   * server has answered.
   *
   * @param manager whose servers are shown; null for those that are named
   */
  public void run(@Nullable InetSocketAddress manager, List<InetSocketAddress> servers)
      throws IOException {
    try (TopPoller poller = new TopPoller(manager, servers, gateways, nodes, TimeSource.system())) {
      if (Logging.onTerminal()) {
        redraw(poller);
      } else {
        printLines(poller);
      }
      if (!poller.hasAnswer()) {
        throw CliException.failed("no server has answered");
      }
    }
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
