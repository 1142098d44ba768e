package io.kumo.core.view;

import io.kumo.core.ring.NodeAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an operator has ordered that holds until it is taken back, whoever directs meanwhile.
 *
 * @param rebalancePaused whether servers move no records for a rebalance
 * @param bytesPerSecond of keys and values that each server sends for a rebalance at most; 0 for
 *     what its command line says
 * @param suspended each server once
 */
public record StandingOrders(
    boolean rebalancePaused, long bytesPerSecond, List<Suspension> suspended) {
  public static final StandingOrders NONE = new StandingOrders(false, 0, List.of());

  public StandingOrders {
    suspended = List.copyOf(suspended);
    if (bytesPerSecond < 0) {
      throw new IllegalArgumentException("no rate: " + bytesPerSecond);
    }
  }

  public StandingOrders withPause(boolean paused) {
    return new StandingOrders(paused, bytesPerSecond, suspended);
  }

  public StandingOrders withRate(long rate) {
    return new StandingOrders(rebalancePaused, rate, suspended);
  }

  public Optional<Suspension> suspension(NodeAddress server) {
    return suspended.stream().filter(entry -> entry.server().equals(server)).findFirst();
  }

  public boolean isSuspended(NodeAddress server) {
    return suspension(server).isPresent();
  }

  /** Another time for a server that is suspended already. */
  public StandingOrders suspend(Suspension added) {
    List<Suspension> all = new ArrayList<>(resume(added.server()).suspended);
    all.add(added);
    return new StandingOrders(rebalancePaused, bytesPerSecond, all);
  }

  public StandingOrders resume(NodeAddress server) {
    return new StandingOrders(
        rebalancePaused,
        bytesPerSecond,
        suspended.stream().filter(entry -> !entry.server().equals(server)).toList());
  }
}
