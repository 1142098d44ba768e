package io.kumo.manager.healing;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.log.LogId;
import io.kumo.core.ring.NodeAddress;
import io.kumo.manager.control.ServerEvents;
import io.kumo.manager.election.Direction;
import io.kumo.manager.membership.HealthBook;
import io.kumo.manager.membership.MemberTable;
import io.kumo.manager.membership.NodeWatch;
import io.kumo.manager.membership.ServerTroubles;
import io.kumo.manager.membership.ServerTroubles.Trouble;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes servers out that live but keep writes from being done: of two that cannot reach each other
 * the one with fewer working links, and one whose disk is full. They rejoin when that is over
 * ({@link AutoRejoin}). Nobody is taken out without whom some records could not be had.
 *
 * <p>Confined to the manager's loop.
 */
public final class SickServers {
  private static final Logger log = LoggerFactory.getLogger(SickServers.class);

  /** A disk may be full for a moment, while a checkpoint or a compaction runs. */
  static final long FULL_NS = Duration.ofSeconds(10).toNanos();

  private final MemberTable table;
  private final Direction direction;
  private final NodeWatch watch;
  private final HealthBook book;
  private final ServerTroubles troubles;
  private final ServerEvents servers;
  private final TimeSource time;
  private final Lasting<NodeAddress> cut;
  private final Lasting<NodeAddress> full = new Lasting<>(() -> FULL_NS);

  /**
   * @param bothSidesNs by when the other end of a broken link has reported it, too
   */
  public SickServers(
      MemberTable table,
      Direction direction,
      NodeWatch watch,
      HealthBook book,
      ServerTroubles troubles,
      ServerEvents servers,
      TimeSource time,
      LongSupplier bothSidesNs) {
    this.table = table;
    this.direction = direction;
    this.watch = watch;
    this.book = book;
    this.troubles = troubles;
    this.servers = servers;
    this.time = time;
    this.cut = new Lasting<>(bothSidesNs);
  }

  /** To be called several times a second. */
  public void tick() {
    if (!direction.votes().isOn()) {
      return;
    }
    long watchedNs = book.look(time.nanoTime());
    List<NodeAddress> active =
        table.live().keySet().stream()
            .filter(server -> table.spaces().write().isActive(server) && watch.isHeard(server))
            .toList();
    noteTroubles(active);
    Set<NodeAddress> cutOff = cut.of(BrokenLinks.victims(active, book), watchedNs);
    Set<NodeAddress> fullOnes = full.of(active.stream().filter(book::isFull).toList(), watchedNs);
    if (direction.mayDecide()) {
      cutOff.forEach(server -> takeOut(server, active));
      fullOnes.forEach(this::takeOutFull);
    }
  }

  private void noteTroubles(List<NodeAddress> active) {
    for (NodeAddress server : table.live().keySet()) {
      boolean out = !table.spaces().write().isActive(server);
      troubles.set(server, Trouble.CUT_OFF, out && !book.cutFrom(server, active).isEmpty());
      troubles.set(server, Trouble.DISK_FULL, book.isFull(server));
      if (!out && !table.hasRestarted(server)) {
        troubles.set(server, Trouble.NEW_STORE, false);
      }
    }
  }

  private void takeOut(NodeAddress server, List<NodeAddress> active) {
    if (table.canSpare(server)) {
      log.warn(
          LogId.LINK_BROKEN,
          "{} and {} cannot reach each other: {} is taken out until they can",
          server,
          book.cutFrom(server, active),
          server);
      troubles.set(server, Trouble.CUT_OFF, true);
      servers.takenOut(server);
    }
  }

  private void takeOutFull(NodeAddress server) {
    if (table.canSpare(server)) {
      log.warn(
          LogId.FULL_SERVER_OUT, "the disk of {} is full: it is taken out until it is not", server);
      servers.takenOut(server);
    }
  }

  /** Servers that something keeps from taking part, or soon will. */
  public long sick() {
    return table.live().keySet().stream()
        .filter(server -> book.isFull(server) || troubles.of(server).contains(Trouble.CUT_OFF))
        .count();
  }
}
