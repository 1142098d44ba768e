package io.kumo.manager.election;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.OpenRebalance;
import io.kumo.manager.membership.ServerInfo;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How a manager stands by votes, as the rest of it sees that. Confined to the manager's loop. */
public interface Standing {
  /** Of a manager that keeps no vote: the rules from before there were votes decide. */
  Standing NONE =
      new Standing() {
        @Override
        public boolean isOn() {
          return false;
        }

        @Override
        public boolean directs() {
          return false;
        }

        @Override
        public @Nullable String objection() {
          return null;
        }

        @Override
        public @Nullable NodeAddress directorElsewhere() {
          return null;
        }

        @Override
        public @Nullable String firstAttachObjection(boolean alone) {
          return null;
        }

        @Override
        public boolean mayAttach(NodeAddress server, ServerInfo info) {
          return true;
        }

        @Override
        public void takeOver(Runnable directs, Consumer<String> failed) {
          directs.run();
        }

        @Override
        public boolean wasCutOff(long withinNs) {
          return false;
        }

        @Override
        public OpenRebalance openRebalance() {
          return OpenRebalance.NONE;
        }
      };

  /** Whether views count by votes, as far as this manager knows; then nothing else decides. */
  boolean isOn();

  /** Whether this manager may change the view. */
  boolean directs();

  /** Why an order would be refused now; null if votes are no reason. */
  @Nullable String objection();

  /** The other manager that directs by votes, as far as is heard; null for none. */
  @Nullable NodeAddress directorElsewhere();

  /**
   * Why no cluster can be founded with the servers that are there; null if it can be.
   *
   * @param alone whether an operator has said that there will be no partner
   */
  @Nullable String firstAttachObjection(boolean alone);

  /** Whether a newcomer can be taken into the view. */
  boolean mayAttach(NodeAddress server, ServerInfo info);

  /**
   * An operator has this manager direct, though no view may name it: at once if it does already.
   *
   * @param directs run when it directs
   * @param failed run with the reason when no quorum would have it
   */
  void takeOver(Runnable directs, Consumer<String> failed);

  /** Whether this manager has heard no quorum of voters at some time in that span. */
  boolean wasCutOff(long withinNs);

  /** What the installed view says that a director has begun. */
  OpenRebalance openRebalance();

  /** The newest view that this manager has seen published, whether or not it counts. */
  default ClusterView known() {
    return ClusterView.NONE;
  }

  /**
   * An operator has said that no quorum of that view will come back: this manager goes by what it
   * says, and may found a child of its cluster.
   *
   * @param alone whether the partner is not there, either
   */
  default void giveUp(ClusterView lost, boolean alone) {
    throw new IllegalStateException("nothing is voted on");
  }

  /** The view that is installed here; none where nothing has been voted on. */
  default ClusterView installed() {
    return ClusterView.NONE;
  }
}
