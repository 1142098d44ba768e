package io.kumo.server;

import io.kumo.core.clock.HybridClock;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.transport.Transport;
import io.kumo.core.view.ClusterView;
import io.kumo.core.vote.VoteRules;
import io.kumo.core.vote.VoteWriter;
import io.kumo.core.voter.Installer;
import io.kumo.core.voter.VoteHandlers;
import io.kumo.core.voter.VoterService;
import io.kumo.server.view.CoordinationLease;
import io.kumo.server.view.LeaseClient;
import io.kumo.server.view.ViewHolder;
import java.time.Duration;

/**
 * A server's vote, the views that it installs and the leases under which it coordinates, put
 * together. Constructed on any thread; all else is of the main loop.
 */
final class ServerVoting {
  private static final long GIVE_BACK_NS = Duration.ofSeconds(1).toNanos();
  private static final long STEP_NS = Duration.ofMillis(10).toNanos();

  private final Transport transport;
  private final ViewHolder spaces;
  private final VoterService voter;
  private final CoordinationLease lease;
  private final LeaseClient client;

  /** Before the endpoint listens. */
  ServerVoting(
      RpcEndpoint endpoint,
      VoteWriter writer,
      VoteRules rules,
      ViewHolder spaces,
      HybridClock clock) {
    this.transport = endpoint.transport();
    this.spaces = spaces;
    this.voter =
        new VoterService(
            transport, writer, rules, spaces.voted(), new HolderInstaller(spaces, clock));
    this.lease = new CoordinationLease(voter, spaces, rules, transport.time());
    this.client = new LeaseClient(endpoint, voter, spaces);
    voter.addListener(lease);
    voter.addListener(client);
    spaces.coordinateBy(lease);
    VoteHandlers.register(endpoint, voter);
  }

  /** What is stored under a view is newer than all that the view names, a flush above all. */
  private record HolderInstaller(ViewHolder spaces, HybridClock clock) implements Installer {
    @Override
    public void install(ClusterView view, boolean skips) {
      clock.observe(view.layout().spaces().write().clockTime());
      clock.observe(view.flush().time());
      spaces.install(view, skips);
    }

    @Override
    public void whenInstalled(Runnable task) {
      spaces.afterInstall(task);
    }
  }

  /** Nothing is coordinated before. */
  void start() {
    lease.changed();
    client.start();
  }

  VoterService voter() {
    return voter;
  }

  CoordinationLease lease() {
    return lease;
  }

  /**
   * Gives coordination back: the director is to give this server's keys to others, and is helped to
   * it by this server's vote.
   *
   * @param then run when it has, or does not
   */
  void giveBack(Runnable then) {
    client.release();
    awaitOthers(transport.time().nanoTime() + GIVE_BACK_NS, then);
  }

  private void awaitOthers(long deadlineNs, Runnable then) {
    boolean overdue = transport.time().nanoTime() - deadlineNs >= 0;
    if (!overdue && spaces.countsVotes() && spaces.isActive() && hasOthers()) {
      transport.schedule(STEP_NS, () -> awaitOthers(deadlineNs, then));
    } else {
      then.run();
    }
  }

  private boolean hasOthers() {
    return spaces.current().write().nodes().stream()
        .anyMatch(node -> node.active() && !node.address().equals(spaces.self()));
  }
}
