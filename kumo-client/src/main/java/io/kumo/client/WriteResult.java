package io.kumo.client;

/**
 * How a write ended that ended one way or another. When nobody can tell, its future fails with
 * {@link KumoException.Reason#UNKNOWN_OUTCOME}.
 *
 * @param cas the version of the item that is there now; 0 when there is none, or it is not known
 */
public record WriteResult(Status status, long cas) {
  /** What became of the item. */
  public enum Status {
    /** It was done: on every active replica of the key. */
    DONE,
    /** An add met an item, or a replace, append or prepend none. */
    NOT_STORED,
    /** The item has another version than was named. */
    EXISTS,
    /** There is no item. */
    NOT_FOUND
  }

  /** Whether it was done. */
  public boolean isDone() {
    return status == Status.DONE;
  }
}
