package io.kumo.manager.control;

import io.kumo.core.guard.Guard;
import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.original.HashSpacePush;
import io.kumo.core.protocol.original.HashSpaceSync;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Peer;
import io.kumo.manager.election.PartnerSync;
import io.kumo.manager.membership.HashSpaceBroadcast;
import io.kumo.manager.membership.MemberTable;
import io.kumo.manager.session.NodeSessions;
import io.kumo.manager.session.ReplyHandlers;
import io.kumo.manager.view.ClusterState;
import io.kumo.manager.view.ViewRounds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes hash spaces known, by votes ({@link ViewRounds}) where there are votes. Else first to the
 * partner, then to the servers, then to the gateways: the partner's answer is waited for, so that
 * no server ever acts on what would be lost with this manager; but not for long. Changes that come
 * meanwhile go out together in the next round.
 *
 * <p>Confined to the manager's loop.
 */
public final class HashSpacePublisher implements HashSpaceBroadcast {
  private static final Logger log = LoggerFactory.getLogger(HashSpacePublisher.class);

  private static final long PARTNER_TIMEOUT_NS = Duration.ofSeconds(1).toNanos();
  private static final long SERVER_TIMEOUT_NS = Duration.ofSeconds(10).toNanos();
  private static final long CONFIRM_TIMEOUT_NS = Duration.ofSeconds(3).toNanos();
  private static final long RESEND_NS = Duration.ofMillis(500).toNanos();

  private final NodeSessions sessions;
  private final MemberTable table;
  private final PartnerSync partner;
  private final ClusterState state;
  private final ViewRounds votes;
  private final Map<Peer, Integer> gateways = new LinkedHashMap<>();
  private final Set<NodeAddress> resending = new HashSet<>();
  private List<Waiting> waiting = new ArrayList<>();
  private boolean publishing;
  private boolean untaken;
  private PublishedSpaces shown = PublishedSpaces.EMPTY;

  /** Who wants to know what becomes of a round. */
  private record Waiting(Runnable told, Consumer<String> failed) {}

  public HashSpacePublisher(
      NodeSessions sessions,
      MemberTable table,
      PartnerSync partner,
      ClusterState state,
      ViewRounds votes) {
    this.sessions = sessions;
    this.table = table;
    this.partner = partner;
    this.state = state;
    this.votes = votes;
  }

  /**
   * The owner of a subsystem connection wants to be told of changes for as long as it lasts.
   *
   * @param capabilities as it announced them
   */
  public void addGateway(Peer gateway, int capabilities) {
    gateways().put(gateway, capabilities);
  }

  int gatewayCount() {
    return gateways().size();
  }

  /** Those that place keys on three servers, whatever zones these are in. */
  List<String> gatewaysOfPlainLayouts() {
    return gateways().entrySet().stream()
        .filter(gateway -> !Capabilities.knowsCopies(gateway.getValue()))
        .map(gateway -> "gateway " + gateway.getKey())
        .toList();
  }

  private Map<Peer, Integer> gateways() {
    gateways.keySet().removeIf(known -> !known.connected());
    return gateways;
  }

  /**
   * What a gateway that asks is answered. Gateways hear of nothing that no server has: they never
   * go back, and would ask wrong servers for good if it were lost with this manager. Before the
   * first one is taken they have nothing to go back to.
   */
  public PublishedSpaces forGateways() {
    boolean first = shown.spaces().write().isEmpty();
    if (first || !untaken || votes.isOn()) {
      shown = state.current();
    }
    return shown;
  }

  @Override
  public void publish(Runnable toldServers, Consumer<String> failed) {
    assert sessions.endpoint().transport().inLoop();
    untaken = !votes.isOn();
    waiting.add(new Waiting(toldServers, failed));
    if (!publishing) {
      nextRound();
    }
  }

  /**
   * Publishes, and tells whether each of these servers has taken it; one that cannot be asked has
   * not.
   */
  public void publishConfirmed(Collection<NodeAddress> servers, Consumer<Boolean> outcome) {
    publish(() -> confirm(servers, outcome), reason -> outcome.accept(false));
  }

  private void confirm(Collection<NodeAddress> servers, Consumer<Boolean> outcome) {
    AtomicInteger open = new AtomicInteger(servers.size());
    AtomicBoolean all = new AtomicBoolean(true);
    if (servers.isEmpty()) {
      outcome.accept(true);
    }
    for (NodeAddress server : servers) {
      Peer peer = sessions.peer(server);
      Consumer<Boolean> answered =
          taken -> {
            all.compareAndSet(true, taken);
            if (open.decrementAndGet() == 0) {
              outcome.accept(all.get());
            }
          };
      if (votes.isOn()) {
        votes.confirm(peer, answered);
      } else {
        peer.call(
            sync(peer),
            CONFIRM_TIMEOUT_NS,
            ReplyHandlers.of(
                result -> answered.accept(true), (code, detail) -> answered.accept(false)));
      }
    }
  }

  private void nextRound() {
    publishing = true;
    List<Waiting> round = waiting;
    waiting = new ArrayList<>();
    if (votes.areDue()) {
      votes.begin(new Voted(round));
    } else {
      tellPartner(round);
    }
  }

  /** Goes on when it is known what came of a vote. */
  private final class Voted implements ViewRounds.Outcome {
    private final List<Waiting> round;

    Voted(List<Waiting> round) {
      this.round = round;
    }

    @Override
    public void committed() {
      toldPartner(round);
    }

    @Override
    public void failed(String reason) {
      Guard guard = sessions.endpoint().transport().guard();
      round.forEach(w -> guard.run("failed publication", w, () -> w.failed().accept(reason)));
      ended();
    }

    @Override
    public void unvoted() {
      tellPartner(round);
    }
  }

  private void tellPartner(List<Waiting> round) {
    NodeAddress address = partner.partner();
    if (address != null && partner.inTouch()) {
      Peer peer = sessions.peer(address);
      long clockTime = table.spaces().write().clockTime();
      peer.call(
          syncOfPartner(peer),
          PARTNER_TIMEOUT_NS,
          ReplyHandlers.of(
              result -> {
                partner.agreed(clockTime);
                toldPartner(round);
              },
              (code, detail) -> toldPartner(round)));
    } else {
      toldPartner(round);
    }
  }

  private void toldPartner(List<Waiting> round) {
    try {
      tellServers();
      Guard guard = sessions.endpoint().transport().guard();
      round.forEach(w -> guard.run("publication", w, w.told()));
    } finally {
      ended();
    }
  }

  private void tellServers() {
    if (votes.isOn()) {
      tellGateways();
    }
    table.live().keySet().stream().filter(this::goesBySync).forEach(this::syncServer);
  }

  private void serverTook(PublishedSpaces view) {
    if (untaken && view.spaces().equals(table.spaces())) {
      untaken = false;
      tellGateways();
    }
  }

  private void tellGateways() {
    PublishedSpaces told = forGateways();
    for (Peer gateway : List.copyOf(gateways().keySet())) {
      gateway.call(new HashSpacePush(told), SERVER_TIMEOUT_NS, ReplyHandlers.ignored());
    }
  }

  private void ended() {
    publishing = false;
    if (!waiting.isEmpty()) {
      nextRound();
    }
  }

  /** One that votes is told views. */
  private boolean goesBySync(NodeAddress server) {
    return !votes.isOn() || !Capabilities.votes(table.info(server).capabilities());
  }

  /** Repeated as long as the partner is connected. */
  @Override
  public void syncPartner() {
    NodeAddress address = partner.partner();
    if (address != null && !votes.isOn()) {
      Peer peer = sessions.peer(address);
      peer.call(
          syncOfPartner(peer),
          SERVER_TIMEOUT_NS,
          ReplyHandlers.of(
              result -> {},
              (code, detail) ->
                  notTold(address, code, detail, partner::inTouch, this::syncPartner)));
    }
  }

  /** Gives a connected server the hash spaces; repeated as long as it is connected. */
  public void syncServer(NodeAddress server) {
    Peer peer = sessions.peer(server);
    HashSpaceSync sync = sync(peer);
    peer.call(
        sync,
        SERVER_TIMEOUT_NS,
        ReplyHandlers.of(
            result -> serverTook(sync.view()),
            (code, detail) ->
                notTold(
                    server, code, detail, () -> table.isLive(server), () -> syncServer(server))));
  }

  private void notTold(
      NodeAddress node,
      ErrorCode code,
      String detail,
      BooleanSupplier isThere,
      Runnable tellAgain) {
    if (code == ErrorCode.PROTOCOL || !isThere.getAsBoolean() || !resending.add(node)) {
      return;
    }
    log.info("{} did not take the hash spaces: {}; sending them again", node, detail);
    sessions
        .endpoint()
        .transport()
        .schedule(
            RESEND_NS,
            () -> {
              resending.remove(node);
              if (isThere.getAsBoolean()) {
                tellAgain.run();
              }
            });
  }

  private HashSpaceSync syncOfPartner(Peer peer) {
    return new HashSpaceSync(state.current(), sessions.clockFor(peer), state.copyingTime());
  }

  private HashSpaceSync sync(Peer peer) {
    return new HashSpaceSync(state.current(), sessions.clockFor(peer));
  }
}
