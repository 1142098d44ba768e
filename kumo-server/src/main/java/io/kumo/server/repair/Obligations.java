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
 * <p>Invariant: a key that is not owed is one that this server has coordinated without a break
 * since a moment at which every acknowledged write of it was surely here. {@code doubtful} holds
 * the write hash spaces since the last such moment, so a key is owed when any of them names another
 * coordinator, until it was fetched.
 */
final class Obligations {
  private static final int MAX_FETCHED = 1 << 20;
  private static final int MAX_SUSPECT = 1 << 16;
  private static final int MAX_DOUBTFUL = 64;

  private final NodeAddress self;
  private final List<HashSpace> doubtful = new ArrayList<>();
  private final LongHashSet fetched = new LongHashSet(MAX_FETCHED);
  private final Set<Long> suspect = new HashSet<>();
  private HashSpace write;

  /**
   * @param write what the process starts with: all its keys are owed
   */
  Obligations(NodeAddress self, HashSpace write) {
    this.self = self;
    this.write = write;
    doubtAll();
  }

  /** Whether nothing is owed: no key needs to be asked about. */
  boolean none() {
    return doubtful.isEmpty() && suspect.isEmpty();
  }

  /**
   * The write hash space is another one.
   *
   * @param continuous whether it surely is the one that followed the former; else this server may
   *     have been out of the hash space in between, and every key is owed
   */
  void changed(HashSpace next, boolean continuous) {
    if (next.equals(write)) {
      return;
    }
    if (!continuous || doubtful.size() >= MAX_DOUBTFUL) {
      doubtAll();
    } else if (!next.sameNodes(write)) {
      doubtful.add(write);
      fetched.retain(hash -> self.equals(next.coordinator(hash)));
    }
    write = next;
  }

  boolean owes(long hash) {
    if (suspect.contains(hash)) {
      return true;
    }
    if (doubtful.isEmpty() || fetched.contains(hash)) {
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
  void fetched(long hash) {
    suspect.remove(hash);
    if (!doubtful.isEmpty()) {
      fetched.add(hash);
    }
  }

  /** A write of the key ended in doubt: replicas may differ. */
  void suspect(long hash) {
    if (suspect.size() >= MAX_SUSPECT) {
      doubtAll();
    } else {
      suspect.add(hash);
    }
  }

  /** All keys are settled under the present write hash space, but for those suspected since. */
  void settled() {
    doubtful.clear();
    fetched.clear();
  }

  private void doubtAll() {
    doubtful.clear();
    doubtful.add(HashSpace.EMPTY);
    fetched.clear();
    suspect.clear();
  }
}
