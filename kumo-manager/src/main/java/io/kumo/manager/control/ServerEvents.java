package io.kumo.manager.control;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.manager.election.ColdStart;
import io.kumo.manager.election.KeptRunning;
import io.kumo.manager.election.Standing;
import io.kumo.manager.membership.ClockWatch;
import io.kumo.manager.membership.HealthBook;
import io.kumo.manager.membership.MemberTable;
import io.kumo.manager.membership.NodeWatch;
import io.kumo.manager.membership.ServerInfo;
import io.kumo.manager.membership.ServerTroubles;
import io.kumo.manager.membership.ServerTroubles.Trouble;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens to servers. Confined to the manager's loop. */
public final class ServerEvents {
  private static final Logger log = LoggerFactory.getLogger(ServerEvents.class);

  private final MemberTable table;
  private final NodeWatch watch;
  private final ClockWatch clocks;
  private final ColdStart cold;
  private final ColdStartControl coldStart;
  private final DirectionControl direction;
  private final RestartWatch restarts;
  private final ServerTroubles troubles;
  private final HealthBook health;
  private final TimeSource time;
  private final Standing votes;

  ServerEvents(
      MemberTable table,
      NodeWatch watch,
      ClockWatch clocks,
      ColdStart cold,
      ColdStartControl coldStart,
      DirectionControl direction,
      RestartWatch restarts,
      ServerTroubles troubles,
      HealthBook health,
      TimeSource time,
      Standing votes) {
    this.table = table;
    this.watch = watch;
    this.clocks = clocks;
    this.cold = cold;
    this.coldStart = coldStart;
    this.direction = direction;
    this.restarts = restarts;
    this.troubles = troubles;
    this.health = health;
    this.time = time;
    this.votes = votes;
  }

  /** It has connected and introduced itself. */
  public void appeared(NodeAddress server, ServerInfo info) {
    log.info("server connected {}", server);
    troubles.forget(server);
    health.forget(server);
    table.connected(server, info);
    watch.appeared(server);
    direction.markFaults();
  }

  /** It is about to stop, and coordinates nothing any more. */
  public void leaving(NodeAddress server) {
    troubles.set(server, Trouble.LEAVING, true);
    direction.markLeaving(server);
  }

  /** The session with it has ended. */
  public void lost(NodeAddress server) {
    if (table.isLive(server)) {
      log.warn("server lost {}", server);
    }
    clocks.forget(server);
    restarts.lost(server);
    troubles.forget(server);
    health.forget(server);
    table.disconnected(server);
    watch.lost(server);
    direction.judgeSilent();
  }

  /** It is there, but the others are better off without it for the time being. */
  public void takenOut(NodeAddress server) {
    direction.markLeaving(server);
  }

  /** It has said what keeps it from serving. */
  public void healthReported(NodeAddress server, boolean full, List<NodeAddress> unreachable) {
    if (table.isLive(server)) {
      health.reported(server, full, unreachable, time.nanoTime());
    }
  }

  /** Whether its store was a new one when its process started. */
  public void hasNewStore(NodeAddress server, boolean isNew) {
    troubles.set(server, Trouble.NEW_STORE, isNew);
  }

  /**
   * It has shown the hash spaces that it accepted last.
   *
   * @param clean whether its previous process stopped in an orderly way, or is still running
   */
  public void reported(
      NodeAddress server, HashSpaces shown, Map<NodeAddress, ServerInfo> infos, boolean clean) {
    restarts.reported(server, new KeptRunning.Installed(shown, infos), clean);
    cold.reported(server, shown, infos, clean);
    if (votes.isOn()) {
      direction.markFaults();
    } else if (!cold.isOver()) {
      coldStart.review();
    } else if (table.isBehind(shown) && table.adopt(shown, infos)) {
      log.warn("{} knew a newer hash space; taken over", server);
      direction.takenOver();
    }
  }
}
