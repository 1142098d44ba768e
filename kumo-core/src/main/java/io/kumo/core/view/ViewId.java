package io.kumo.core.view;

/**
 * Names a view. Ids compare by term first, then by version, both unsigned 63-bit.
 *
 * <p>A term belongs to one manager at most. A version counts the changes of the cluster: to publish
 * a view again in a later term changes its term and nothing else, a change is the next version. So
 * two views with the same id are the same, and two committed views of one version have the same
 * content.
 */
public record ViewId(long term, long version) implements Comparable<ViewId> {
  /** Of no view; below all others. */
  public static final ViewId NONE = new ViewId(0, 0);

  public ViewId {
    if (term < 0 || version < 0) {
      throw new IllegalArgumentException("no view id: " + term + "." + version);
    }
  }

  public boolean isNewerThan(ViewId other) {
    return compareTo(other) > 0;
  }

  @Override
  public int compareTo(ViewId other) {
    int byTerm = Long.compare(term, other.term);
    return byTerm != 0 ? byTerm : Long.compare(version, other.version);
  }

  @Override
  public String toString() {
    return term + "." + version;
  }
}
