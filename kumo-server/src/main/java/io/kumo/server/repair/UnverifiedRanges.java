package io.kumo.server.repair;

import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.dedup.LongHashSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Of which keys this server must ask other replicas before it serves them. Pure; main loop only.
 *
 * <p>Invariant: a verified key is one that this server has coordinated without a break since a
 * moment at which every acknowledged write of it was surely here. {@code doubtful} holds the write
 * hash spaces since the last such moment, so a key is unverified when any of them names another
 * coordinator, until it was recovered.
 */
final class UnverifiedRanges {
  private static final int MAX_VERIFIED = 1 << 20;
  static final int MAX_SUSPECT = 1 << 16;
  private static final int MAX_DOUBTFUL = 64;

  private final NodeAddress self;
  private final List<HashSpace> doubtful = new ArrayList<>();
  private final LongHashSet verified = new LongHashSet(MAX_VERIFIED);
  private final Set<Long> suspect = new HashSet<>();
  private HashSpace write;

  /**
   * @param write what the process starts with: none of its keys is verified
   */
  UnverifiedRanges(NodeAddress self, HashSpace write) {
    this.self = self;
    this.write = write;
    doubtAll();
  }

  /** Whether no key needs to be asked about. */
  boolean isEmpty() {
    return doubtful.isEmpty() && suspect.isEmpty();
  }

  /**
   * The write hash space is another one.
   *
   * @param continuous whether it surely is the one that followed the former; else this server may
   *     have been out of the hash space in between, and no key is verified
   */
  void changed(HashSpace next, boolean continuous) {
    if (next.equals(write)) {
      return;
    }
    if (!continuous || doubtful.size() >= MAX_DOUBTFUL) {
      doubtAll();
    } else if (!next.sameNodes(write)) {
      doubtful.add(write);
      verified.retain(hash -> self.equals(next.coordinator(hash)));
      suspect.removeIf(hash -> !self.equals(next.coordinator(hash)));
    }
    write = next;
  }

  /** Whether the key has to be asked about. */
  boolean contains(long hash) {
    if (suspect.contains(hash)) {
      return true;
    }
    if (doubtful.isEmpty() || verified.contains(hash)) {
      return false;
    }
    for (HashSpace past : doubtful) {
      if (!self.equals(past.coordinator(hash))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Who was a replica of the key since every acknowledged write of it was surely here: one that has
   * left may still hold a write that was never acknowledged.
   */
  Set<NodeAddress> formerReplicas(long hash) {
    if (doubtful.isEmpty()) {
      return Set.of();
    }
    Set<NodeAddress> replicas = new LinkedHashSet<>();
    doubtful.forEach(past -> replicas.addAll(past.activeReplicas(hash)));
    return replicas;
  }

  /** The newest record of the key is here, and on every replica. */
  void verified(long hash) {
    suspect.remove(hash);
    if (!doubtful.isEmpty()) {
      verified.add(hash);
    }
  }

  /**
   * A write of the key ended in doubt: replicas may differ.
   *
   * @return whether the key is noted; else there are too many, and no key is verified any more
   */
  boolean add(long hash) {
    if (suspect.size() >= MAX_SUSPECT && !suspect.contains(hash)) {
      doubtAll();
      return false;
    }
    suspect.add(hash);
    return true;
  }

  /** All keys were compared under the present write hash space, but for those added since. */
  void allVerified() {
    doubtful.clear();
    verified.clear();
  }

  /** No key is verified: all are as when the process started. */
  void doubtAll() {
    doubtful.clear();
    doubtful.add(HashSpace.EMPTY);
    verified.clear();
    suspect.clear();
  }
}
