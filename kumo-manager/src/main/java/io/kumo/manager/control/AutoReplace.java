package io.kumo.manager.control;

import io.kumo.core.clock.TimeSource;
import io.kumo.manager.rebalance.Delay;
import io.kumo.manager.rebalance.ReplaceControl;

/**
 * Attaches, detaches and replaces by itself some time after the last server came or went, when it
 * is switched on. The first attach of a cluster is the operator's: a manager that knows of none may
 * have been started anew, and a server with an empty disk may only be the first to be heard.
 * Confined to the manager's loop.
 */
public final class AutoReplace {
  private final MembershipControl membership;
  private final ReplaceControl replaces;
  private final TimeSource time;
  private final long delayNs;
  private final Delay delay = new Delay();
  private boolean enabled;

  public AutoReplace(
      MembershipControl membership,
      ReplaceControl replaces,
      TimeSource time,
      long delayNs,
      boolean enabled) {
    this.membership = membership;
    this.replaces = replaces;
    this.time = time;
    this.delayNs = delayNs;
    this.enabled = enabled;
  }

  /** Whether that changed anything. */
  public boolean setEnabled(boolean on) {
    boolean changed = on != enabled;
    enabled = on;
    if (on) {
      touched();
    } else {
      delay.cancel();
    }
    return changed;
  }

  public boolean isEnabled() {
    return enabled;
  }

  /** A server came or went. */
  public void touched() {
    if (enabled) {
      delay.restart(time.nanoTime(), delayNs);
    }
  }

  public void tick() {
    if (!delay.isArmed() || !membership.hasCluster() || membership.objection() != null) {
      return;
    }
    if (!delay.elapsed(time.nanoTime())) {
      return;
    }
    boolean attached = membership.attach();
    boolean detached = membership.detach();
    if (attached || detached) {
      replaces.start(false);
    }
  }
}
