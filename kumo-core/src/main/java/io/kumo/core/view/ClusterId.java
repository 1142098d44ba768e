package io.kumo.core.view;

/**
 * Which cluster a view is of.
 *
 * @param id random, drawn with the first view, and anew when an operator forces a view; 0 for none
 * @param parent the cluster whose view was replaced by force; 0 if there is none
 */
public record ClusterId(long id, long parent) {
  public static final ClusterId NONE = new ClusterId(0, 0);

  /** Whether a node of that cluster may go over to this one: its own, its child, or its first. */
  public boolean isOpenTo(ClusterId other) {
    return other.id == 0 || other.id == id || other.id == parent;
  }
}
