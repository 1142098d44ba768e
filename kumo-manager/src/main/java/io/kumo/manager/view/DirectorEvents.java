package io.kumo.manager.view;

import io.kumo.core.view.ClusterView;

/** Who hears what comes of a {@link ViewDirector}, within the call that led to it. */
public interface DirectorEvents {
  /** The first view of a cluster, or one that this manager has changed, is committed. */
  void changed(ClusterView view);

  /** This manager directs: it has published the newest view again, and that is committed. */
  void begun(ClusterView view);

  /** It directs no more, or what it tried has come to nothing. */
  void ended(String reason);

  /** There may be something to publish, or somebody else who follows. */
  void moved();
}
