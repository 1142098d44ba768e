package io.kumo.manager.election;

import io.kumo.core.protocol.ManagerList;
import io.kumo.core.ring.NodeAddress;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which managers the cluster follows, once an operator or a view has said so. One that is not among
 * them directs nothing, but tells whoever still asks it where to go. Confined to the manager's
 * loop.
 */
public final class CurrentManagers {
  private static final Logger log = LoggerFactory.getLogger(CurrentManagers.class);

  private final NodeAddress self;
  private final PartnerSync partner;
  private ManagerList list = ManagerList.NONE;
  private List<NodeAddress> named = List.of();

  public CurrentManagers(NodeAddress self, PartnerSync partner) {
    this.self = self;
    this.partner = partner;
  }

  public ManagerList list() {
    return list;
  }

  /** Those that the cluster follows, as far as an order or a view says. */
  public List<NodeAddress> followed() {
    return list.isPresent() ? list.addresses() : named;
  }

  /** Takes a later order over. */
  public void learn(ManagerList order) {
    ManagerList newest = list.newer(order);
    if (newest.equals(list)) {
      return;
    }
    list = newest;
    boolean retires = !newest.addresses().contains(self);
    partner.setRetired(retires);
    if (retires) {
      log.warn("the cluster follows the managers {} now; this one directs no more", newest);
    } else {
      log.info("the cluster follows the managers {}", newest.addresses());
    }
  }

  /** A view that names these managers is installed. */
  public void named(List<NodeAddress> managers) {
    named = managers;
    partner.setRetired(!managers.contains(self));
  }

  /**
   * Those that the next view names: whom an operator has ordered, else this one and its partner if
   * that follows it, else those before.
   *
   * @param followers who has promised this manager's term
   */
  public List<NodeAddress> next(List<NodeAddress> named, Collection<NodeAddress> followers) {
    NodeAddress other = partner.partner();
    if (list.isPresent()) {
      return list.addresses();
    }
    boolean pair = named.contains(self) && other != null && followers.contains(other);
    return pair ? Stream.of(self, other).toList() : named;
  }

  /** Whether a manager that a view names is not there. */
  public boolean isAway(NodeAddress manager) {
    return !manager.equals(self) && !(partner.isPartner(manager) && partner.inTouch());
  }
}
