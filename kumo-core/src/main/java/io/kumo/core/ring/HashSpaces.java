package io.kumo.core.ring;

import java.util.List;
import java.util.Objects;

/**
 * The two hash spaces that managers distribute: {@code write} changes when servers come and go,
 * {@code read} follows when their records have been copied. Immutable.
 */
public final class HashSpaces {
  public static final HashSpaces EMPTY = new HashSpaces(HashSpace.EMPTY, HashSpace.EMPTY);

  private final HashSpace write;
  private final HashSpace read;

  /** Known beforehand, for every read at a coordinator asks. */
  private final boolean rebalancing;

  public HashSpaces(HashSpace write, HashSpace read) {
    this.write = write;
    this.read = read;
    this.rebalancing = !write.sameNodes(read);
  }

  public HashSpace write() {
    return write;
  }

  public HashSpace read() {
    return read;
  }

  /** Whether records are being moved: the node lists differ. */
  public boolean rebalancing() {
    return rebalancing;
  }

  /**
   * Whether these would leave nobody to write to, or, where only the read hash space is given, to
   * read from, while {@code held} names somebody. They then come from a manager that heard of
   * nobody any more, and are not gone by, however new, as in kumofs 0.4.13.
   */
  public boolean takeAllFrom(HashSpaces held) {
    return write.nodes().isEmpty() ? read.takesAllFrom(held.read) : write.takesAllFrom(held.write);
  }

  /**
   * Who has a key's record while records are being moved: its active replicas in the read hash
   * space. One that the write hash space does not name active is away, and counts only when it is
   * the last: then nobody else has the record.
   */
  public List<NodeAddress> owners(long hash) {
    List<NodeAddress> all = read.activeReplicas(hash);
    List<NodeAddress> present = all;
    for (NodeAddress owner : all) {
      if (!write.isActive(owner)) {
        present = all.stream().filter(write::isActive).toList();
        break;
      }
    }
    return present.isEmpty() ? all : present;
  }

  /** Same nodes and same ClockTimes. */
  @Override
  public boolean equals(Object other) {
    return other instanceof HashSpaces spaces
        && spaces.write.equals(write)
        && spaces.read.equals(read);
  }

  @Override
  public int hashCode() {
    return Objects.hash(write, read);
  }

  @Override
  public String toString() {
    return "write " + write + ", read " + read;
  }
}
