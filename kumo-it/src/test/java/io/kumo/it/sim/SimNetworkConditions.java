package io.kumo.it.sim;

import io.kumo.core.ring.NodeAddress;
import io.kumo.testkit.net.NetworkConditions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Delays that differ from piece to piece, slow hosts, and directed cuts between hosts. */
final class SimNetworkConditions implements NetworkConditions {
  private static final long BASE_NS = 100_000;
  private static final int JITTER_NS = 400_000;
  private static final int STRAGGLER_NS = 30_000_000;
  private static final int STRAGGLER_ONE_IN = 200;

  private final RandomGenerator random;
  private final Trace trace;
  private final Map<NodeAddress, Integer> indexes = new HashMap<>();
  private final boolean[][] cut;
  private final long[] slowNs;
  private final long[][] lateNs;

  SimNetworkConditions(RandomGenerator random, Trace trace, int hosts) {
    this.random = random;
    this.trace = trace;
    cut = new boolean[hosts][hosts];
    slowNs = new long[hosts];
    lateNs = new long[hosts][hosts];
  }

  /** Tells that traffic to and from the address is that of the host. */
  void place(NodeAddress address, int host) {
    indexes.put(address, host);
  }

  private int index(NodeAddress address) {
    Integer index = indexes.get(address);
    if (index == null) {
      throw new IllegalStateException("nobody is at " + address);
    }
    return index;
  }

  @Override
  public long delayNs(NodeAddress from, NodeAddress to) {
    int sender = index(from);
    int receiver = index(to);
    long extraNs = slowNs[sender] + slowNs[receiver] + lateNs[sender][receiver];
    long delayNs = BASE_NS + random.nextInt(JITTER_NS) + extraNs;
    if (random.nextInt(STRAGGLER_ONE_IN) == 0) {
      delayNs += random.nextInt(STRAGGLER_NS);
    }
    trace.mix(((long) sender << 40) ^ ((long) receiver << 32) ^ delayNs);
    return delayNs;
  }

  @Override
  public boolean passes(NodeAddress from, NodeAddress to) {
    return !cut[index(from)][index(to)];
  }

  void cut(int from, int to, boolean isCut) {
    cut[from][to] = isCut;
  }

  void slow(int host, long extraNs) {
    slowNs[host] = extraNs;
  }

  /** What one sends the other takes longer. */
  void delay(int from, int to, long extraNs) {
    lateNs[from][to] = extraNs;
  }

  void clear() {
    for (int i = 0; i < slowNs.length; i++) {
      Arrays.fill(lateNs[i], 0);
      slowNs[i] = 0;
      Arrays.fill(cut[i], false);
    }
  }
}
