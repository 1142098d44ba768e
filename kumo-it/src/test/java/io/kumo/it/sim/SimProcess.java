package io.kumo.it.sim;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.vote.VoteRules;
import io.kumo.core.vote.VoteWriter;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import io.kumo.testkit.store.MemoryVote;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One program of the cluster and the machine that it runs on: can be started, stopped in every way,
 * and started again.
 */
abstract class SimProcess {
  /** 2026-11-20, so that clock times look as they do in life. */
  private static final long EPOCH_MILLIS = 1_795_132_800_000L;

  private final MemoryNetwork network;
  private final RandomGenerator random;
  private final NodeAddress address;
  private final int index;
  private final MemoryVote vote = new MemoryVote();
  private final RandomGenerator voteIds;
  private @Nullable MemoryHost host;
  private boolean up;
  private long skewMillis;

  SimProcess(MemoryNetwork network, RandomGenerator random, NodeAddress address, int index) {
    this.network = network;
    this.random = random;
    this.address = address;
    this.index = index;
    this.voteIds = new SplittableRandom(index);
  }

  /** Starts the program on its new host. */
  abstract void boot(MemoryHost on, RandomGenerator source) throws IOException;

  /**
   * The place of its vote, for a process that starts.
   *
   * @param rules by which it takes the vote up
   */
  final VoteWriter takeUpVote(VoteRules rules, MemoryHost on) {
    return vote.open(rules, on, address, voteIds);
  }

  /** Where its vote is kept; what was promised is durable, whatever else is lost. */
  final MemoryVote vote() {
    return vote;
  }

  /** The program is gone. */
  void ended() {}

  final void start() {
    MemoryHost fresh = network.start(address);
    fresh.setSkewMillis(EPOCH_MILLIS + skewMillis);
    host = fresh;
    up = true;
    try {
      boot(fresh, random);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts it unless somebody else has done so since it was killed. */
  final void startAgain() {
    if (!up) {
      start();
    }
  }

  final void kill() {
    up = false;
    network.kill(address);
    ended();
  }

  final void powerOff() {
    up = false;
    network.powerOff(address);
    ended();
  }

  final void pause() {
    host().pause();
  }

  final void resume() {
    host().resume();
  }

  final void skew(long millis) {
    skewMillis = millis;
    if (host != null) {
      host.setSkewMillis(EPOCH_MILLIS + millis);
    }
  }

  final MemoryHost host() {
    if (host == null) {
      throw new IllegalStateException(address + " was never started");
    }
    return host;
  }

  final boolean isUp() {
    return up;
  }

  final boolean isPaused() {
    return up && host().isPaused();
  }

  /** Up and running. */
  final boolean isWell() {
    return up && !host().isPaused();
  }

  final NodeAddress address() {
    return address;
  }

  /** Among all hosts, for the conditions of the network. */
  final int index() {
    return index;
  }

  /** Short name for traces: s1, m2, g1. */
  @Override
  public abstract String toString();
}
