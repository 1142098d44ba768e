package io.kumo.manager.view;

import io.kumo.core.log.LogId;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterView;
import io.kumo.manager.election.Electors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of the nodes that answer belong to this cluster. One of another cluster is not listened to,
 * whatever its terms are.
 *
 * <p>Confined to the manager's loop.
 */
final class OwnCluster {
  private static final Logger log = LoggerFactory.getLogger(OwnCluster.class);

  private final Electors electors;
  private final VoteCalls calls;

  /**
   * @param electors told who belongs to it, and who does not
   */
  OwnCluster(Electors electors, VoteCalls calls) {
    this.electors = electors;
    this.calls = calls;
  }

  /**
   * Whether the node is to be listened to.
   *
   * @param accepted the newest view that the node has accepted
   * @param known the newest view that this manager knows of
   * @param founding whether this manager founds a cluster, where nodes of another are no news
   */
  boolean includes(NodeAddress node, ClusterView accepted, ClusterView known, boolean founding) {
    boolean ours =
        accepted.isNone() || known.isNone() || accepted.cluster().isOpenTo(known.cluster());
    if (ours) {
      electors.admit(node);
    } else if (known.cluster().isOpenTo(accepted.cluster())) {
      calls.tellAgain(node); // One of the cluster that this is a child of: it may go over.
    }
    if (!ours && !founding && electors.addForeign(node)) {
      log.error(
          LogId.FOREIGN_CLUSTER,
          "{} belongs to the cluster {}, not to this one, {}: it is left alone",
          node,
          Long.toHexString(accepted.cluster().id()),
          Long.toHexString(known.cluster().id()));
    }
    return ours;
  }
}
