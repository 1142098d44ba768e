package io.kumo.core.vote;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ViewId;
import io.kumo.core.view.Voter;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The leases that a voter has granted and that may not be over. Immutable; forgotten when the
 * process ends, which is why a new one accepts nothing for a while.
 *
 * @param byHolder one for each server
 */
public record LeaseGrants(Map<Voter, Grant> byHolder) {
  public static final LeaseGrants NONE = new LeaseGrants(Map.of());

  /**
   * One server's.
   *
   * @param named newest view that the server has named: it acts by no older one alone
   * @param untilNs by the voter's monotonic clock
   */
  public record Grant(long process, ViewId named, long untilNs) {
    Grant merge(Grant later) {
      ViewId newest = later.named.isNewerThan(named) ? later.named : named;
      long until = later.untilNs - untilNs > 0 ? later.untilNs : untilNs;
      return new Grant(later.process, newest, until);
    }
  }

  public LeaseGrants {
    byHolder = Collections.unmodifiableMap(new TreeMap<>(byHolder));
  }

  /** Whether a later process of this holder has been heard. */
  boolean isStale(Voter holder, long process) {
    Grant grant = byHolder.get(holder);
    return grant != null && grant.process > process;
  }

  /** The process has been heard: one before it is no more, and neither are its leases. */
  LeaseGrants heard(Voter holder, long process) {
    Grant grant = byHolder.get(holder);
    return grant == null || grant.process >= process ? this : without(holder);
  }

  /** Leases that are over are dropped on the way. */
  LeaseGrants granted(LeaseRequest request, long untilNs, long nowNs) {
    Map<Voter, Grant> grants = new TreeMap<>(heard(request.holder(), request.process()).byHolder);
    grants.values().removeIf(grant -> grant.untilNs - nowNs <= 0);
    Grant grant = new Grant(request.process(), request.named(), untilNs);
    grants.merge(request.holder(), grant, Grant::merge);
    return new LeaseGrants(grants);
  }

  /** The server has said that it relies on no lease of this process any more. */
  LeaseGrants released(Voter holder, long process) {
    Grant grant = byHolder.get(holder);
    return grant == null || grant.process > process ? this : without(holder);
  }

  private LeaseGrants without(Voter holder) {
    Map<Voter, Grant> left = new TreeMap<>(byHolder);
    left.remove(holder);
    return new LeaseGrants(left);
  }

  /** The servers that may still act by a view older than this one without knowing of it. */
  public List<Voter> unaware(ViewId view, NodeAddress self, long nowNs) {
    return byHolder.entrySet().stream()
        .filter(entry -> !entry.getKey().address().equals(self))
        .filter(entry -> view.isNewerThan(entry.getValue().named()))
        .filter(entry -> entry.getValue().untilNs - nowNs > 0)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }
}
