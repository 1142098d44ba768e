package io.kumo.manager.history;

import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.desk.GetHistory;
import io.kumo.core.protocol.desk.History;
import io.kumo.core.protocol.desk.NoteOrder;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.NodeListener;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.manager.election.PartnerSync;
import io.kumo.manager.session.ReplyHandlers;
import java.time.Duration;
import java.util.List;

/**
 * Has both managers know the orders that either was given, so that they survive the loss of one and
 * of its files: each tells the other of an order when it is given, and asks for all when the other
 * is back. Confined to the manager's loop.
 */
public final class PartnerHistory implements NodeListener {
  private static final long TIMEOUT_NS = Duration.ofSeconds(5).toNanos();

  private final RpcEndpoint endpoint;
  private final PartnerSync partner;
  private final OrderHistory history;

  public PartnerHistory(RpcEndpoint endpoint, PartnerSync partner, OrderHistory history) {
    this.endpoint = endpoint;
    this.partner = partner;
    this.history = history;
  }

  /** Before the endpoint listens. */
  public void register() {
    endpoint.handle(
        Method.NOTE_ORDER,
        NoteOrder.class,
        (message, caller, reply) -> {
          history.heard(List.of(message.entry()));
          reply.nil();
        });
    endpoint.addNodeListener(this);
    history.tell(this::tell);
  }

  private void tell(History.Entry entry) {
    NodeAddress address = partner.partner();
    if (address != null && knows(endpoint.peer(address))) {
      endpoint.peer(address).call(new NoteOrder(entry), TIMEOUT_NS, ReplyHandlers.ignored());
    }
  }

  @Override
  public void nodeAppeared(Peer peer) {
    NodeAddress address = peer.address();
    if (address != null && partner.isPartner(address) && knows(peer)) {
      peer.call(
          new GetHistory(),
          TIMEOUT_NS,
          ReplyHandlers.of(
              result -> history.heard(History.read(result).entries()), (code, detail) -> {}));
    }
  }

  private static boolean knows(Peer peer) {
    return peer.connected() && Capabilities.isExtended(peer.capabilities());
  }
}
