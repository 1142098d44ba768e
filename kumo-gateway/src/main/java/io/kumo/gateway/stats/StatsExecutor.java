package io.kumo.gateway.stats;

import io.kumo.gateway.memcached.CommandExecutor;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McOperation;
import io.kumo.gateway.memcached.McStatus;
import io.kumo.gateway.memcached.Stat;
import io.kumo.gateway.metrics.GatewayTotals;
import io.kumo.gateway.route.Flusher;
import io.kumo.gateway.route.KeyLister;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Answers stats commands, and passes flushes, lists of keys and everything else on. Answers speak
 * for all event loops of the gateway. Confined to its event loop.
 */
public final class StatsExecutor implements CommandExecutor {
  private final CommandExecutor next;
  private final Flusher flusher;
  private final KeyLister lister;
  private final ServerStats servers;
  private final GatewayTotals totals;
  private @Nullable GeneralStats general;

  public StatsExecutor(
      CommandExecutor next,
      Flusher flusher,
      KeyLister lister,
      ServerStats servers,
      GatewayTotals totals) {
    this.next = next;
    this.flusher = flusher;
    this.lister = lister;
    this.servers = servers;
    this.totals = totals;
  }

  /** Completes the construction: the front end that the lines speak of knows its executor. */
  public void attach(GeneralStats newGeneral) {
    general = newGeneral;
  }

  @Override
  public void execute(McCommand command) {
    if (command.operation() == McOperation.STATS) {
      stats(command);
    } else if (command.operation() == McOperation.FLUSH_ALL) {
      flusher.flush(command);
    } else if (command.operation() == McOperation.LIST_KEYS) {
      lister.list(command);
    } else {
      next.execute(command);
    }
  }

  private void stats(McCommand command) {
    String arguments = command.form().echoText();
    int blank = arguments.indexOf(' ');
    String first = blank < 0 ? arguments : arguments.substring(0, blank);
    String rest = blank < 0 ? "" : arguments.substring(blank + 1).trim();
    GeneralStats lines = Objects.requireNonNull(general, "not attached");
    switch (first) {
      case "" -> servers.sum(sum -> answer(command, lines.general(sum)));
      case "settings" -> answer(command, lines.settings());
      case "items" -> servers.sum(sum -> answer(command, lines.items(sum)));
      case "conns" -> answer(command, lines.connections());
      case "servers" -> servers.each(all -> answer(command, all));
      case "reset" -> {
        totals.reset();
        command.complete(McStatus.RESET);
      }
      case "detail" -> detail(command, rest);
      case "sizes" -> answer(command, List.of(new Stat("sizes_status", "disabled")));
      case "slabs" -> answer(command, lines.slabs());
      case "cachedump" -> command.complete(McStatus.KEYS_NOT_LISTED);
      case "extstore" -> answer(command, List.of());
      default -> command.complete(McStatus.NO_SUCH_STAT);
    }
  }

  /** Statistics by key prefix are not kept; clients switch them on and off all the same. */
  private static void detail(McCommand command, String argument) {
    switch (argument) {
      case "on", "off" -> command.complete(McStatus.OK);
      case "dump" -> answer(command, List.of());
      default -> command.complete(McStatus.STATS_DETAIL_USAGE);
    }
  }

  private static void answer(McCommand command, List<Stat> stats) {
    command.stats(stats);
    command.complete(McStatus.FETCHED);
  }
}
