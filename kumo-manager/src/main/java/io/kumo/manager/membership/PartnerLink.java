package io.kumo.manager.membership;

import io.kumo.core.ring.NodeAddress;
import org.jspecify.annotations.Nullable;

/** What has to be known of the partner to tell which nodes are lost. */
public interface PartnerLink {
  /** Null if there is none. */
  @Nullable NodeAddress partner();

  boolean isPartner(NodeAddress node);

  /**
   * This manager was cut off, and its partner may have directed meanwhile: it is waited for anew.
   *
   * @param graceNs how long
   */
  void await(long nowNs, long graceNs);
}
