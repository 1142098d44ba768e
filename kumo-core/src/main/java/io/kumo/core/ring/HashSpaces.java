package io.kumo.core.ring;

/**
 * The two hash spaces that managers distribute: {@code write} changes when servers come and go,
 * {@code read} follows when their records have been copied.
 */
public record HashSpaces(HashSpace write, HashSpace read) {
  public static final HashSpaces EMPTY = new HashSpaces(HashSpace.EMPTY, HashSpace.EMPTY);

  /** Whether records are being moved: the node lists differ. */
  public boolean rebalancing() {
    return !write.sameNodes(read);
  }
}
