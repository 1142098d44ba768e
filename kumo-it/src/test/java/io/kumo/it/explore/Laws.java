package io.kumo.it.explore;

import io.kumo.core.view.ClusterView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What must never happen. Each check gives what is wrong, or null. */
final class Laws {
  private Laws() {}

  /** A view is published. */
  static @Nullable String published(
      ClusterView view, List<ClusterView> published, List<ClusterView> committed) {
    for (ClusterView other : published) {
      if (other.id().equals(view.id()) && !other.equals(view)) {
        return "two views with one id: " + view.id();
      }
    }
    for (ClusterView done : committed) {
      if (loses(view, done)) {
        return "published " + view.id() + " in spite of the committed " + done.id();
      }
    }
    return null;
  }

  /** A view is committed. */
  static @Nullable String committed(
      ClusterView view, List<ClusterView> published, List<ClusterView> committed) {
    for (ClusterView other : committed) {
      boolean same = other.version() == view.version();
      if (same && !other.sameContent(view)) {
        return "two committed views of one version: " + other.id() + " and " + view.id();
      }
      if (other.version() + 1 == view.version() && !view.formerVoters().equals(other.voters())) {
        return "committed " + view.id() + " with other former voters than " + other.id() + " has";
      }
    }
    for (ClusterView later : published) {
      if (loses(later, view)) {
        return "committed " + view.id() + " in spite of the published " + later.id();
      }
    }
    return null;
  }

  /** Whether a view of a later term does not follow a committed one. */
  private static boolean loses(ClusterView later, ClusterView done) {
    return later.term() > done.term()
        && (later.version() < done.version()
            || (later.version() == done.version() && !later.sameContent(done)));
  }
}
