package io.kumo.manager.election;

import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import io.kumo.manager.membership.PartnerLink;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What stands between a manager and its partner, and hence who decides. Of a pair that is in touch
 * the lower address directs; one that has lost its partner directs alone. A manager decides nothing
 * before it has heard what its partner knows, or has waited for it long enough.
 *
 * <p>Confined to one thread; the time comes in.
 */
public final class PartnerSync implements PartnerLink {
  private final NodeAddress self;
  private @Nullable NodeAddress partner;
  private final LongSupplier patienceNs;
  private PartnerState state;
  private long sinceNs;
  private boolean extended;
  private boolean retired;

  /** Of the last write hash space that both had; 0 if they have not met yet. */
  private long agreedClockTime;

  /**
   * @param patienceNs how long to wait for the partner to connect, and then for its hash spaces
   */
  public PartnerSync(
      NodeAddress self, @Nullable NodeAddress partner, LongSupplier patienceNs, long nowNs) {
    if (self.equals(partner)) {
      throw new IllegalArgumentException("a manager cannot be its own partner: " + self);
    }
    this.self = self;
    this.partner = partner;
    this.patienceNs = patienceNs;
    this.state = partner == null ? PartnerState.ALONE : PartnerState.AWAITED;
    this.sinceNs = nowNs;
  }

  public PartnerState state() {
    return state;
  }

  @Override
  public @Nullable NodeAddress partner() {
    return partner;
  }

  @Override
  public boolean isPartner(NodeAddress node) {
    return node.equals(partner);
  }

  /** Whether the partner speaks the extensions, as far as is known. */
  public boolean partnerExtended() {
    return extended;
  }

  /** 0 for the lower address or a manager without partner, 1 for the other. */
  public int rank() {
    return partner == null || self.compareTo(partner) < 0 ? 0 : 1;
  }

  /** Whether there is a connection to the partner. */
  public boolean inTouch() {
    return state == PartnerState.CONNECTED || state == PartnerState.SYNCED;
  }

  /**
   * Whether this manager changes hash spaces and starts rebalances. Beside a kumofs 0.4.13 partner,
   * which acts on everything by itself, it does so too.
   */
  public boolean directs() {
    return !retired && wouldDirect();
  }

  /** The cluster follows other managers, or by this one again. */
  public void setRetired(boolean nowRetired) {
    retired = nowRetired;
  }

  public boolean isRetired() {
    return retired;
  }

  private boolean wouldDirect() {
    return switch (state) {
      case ALONE, LOST -> true;
      case AWAITED, CONNECTED -> false;
      case SYNCED -> rank() == 0 || !extended;
    };
  }

  public void connected(boolean speaksExtensions, long nowNs) {
    extended = speaksExtensions;
    enter(PartnerState.CONNECTED, nowNs);
  }

  /** The partner's hash spaces have arrived. */
  public void received(long nowNs) {
    if (state == PartnerState.CONNECTED) {
      enter(PartnerState.SYNCED, nowNs);
    }
  }

  /** Both have, or are about to have, the write hash space of this ClockTime. */
  public void agreed(long clockTime) {
    agreedClockTime = clockTime;
  }

  /** Whether both managers have changed the write hash space since both had the same. */
  public boolean hasParted(HashSpace own, HashSpace received) {
    return state == PartnerState.CONNECTED
        && !received.nodes().isEmpty()
        && agreedClockTime != 0
        && own.clockTime() != agreedClockTime
        && received.clockTime() != agreedClockTime
        && own.clockTime() != received.clockTime();
  }

  public void disconnected(long nowNs) {
    enter(PartnerState.LOST, nowNs);
  }

  /** There is a partner, though it may not be known yet under which address. */
  public void expected(long nowNs) {
    if (state == PartnerState.ALONE) {
      enter(PartnerState.AWAITED, nowNs);
    }
  }

  /** The partner is, or will be, under this address: it is waited for there. */
  public void moved(NodeAddress now, long nowNs) {
    partner = now;
    if (!inTouch()) {
      enter(PartnerState.AWAITED, nowNs);
    }
  }

  @Override
  public void await(long nowNs, long graceNs) {
    if (state == PartnerState.LOST) {
      enter(PartnerState.AWAITED, nowNs + graceNs - patienceNs.getAsLong());
    }
  }

  /** Ends a wait that has taken too long; whether one has ended. */
  public boolean tick(long nowNs) {
    if (nowNs - sinceNs < patienceNs.getAsLong()) {
      return false;
    }
    return switch (state) {
      case AWAITED -> enter(PartnerState.LOST, nowNs);
      case CONNECTED -> enter(PartnerState.SYNCED, nowNs);
      case ALONE, SYNCED, LOST -> false;
    };
  }

  private boolean enter(PartnerState next, long nowNs) {
    state = next;
    sinceNs = nowNs;
    return true;
  }
}
