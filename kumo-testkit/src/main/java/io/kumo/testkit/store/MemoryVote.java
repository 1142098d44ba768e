package io.kumo.testkit.store;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.Transport;
import io.kumo.core.view.Voter;
import io.kumo.core.vote.VoteRules;
import io.kumo.core.vote.VoteState;
import io.kumo.core.vote.VoteWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The place of one node's vote on a disk in memory. What was durable survives the process; what was
 * not is gone with it. The disk may be slow, full, lost, or be put back to what it was before.
 * Confined to one thread.
 */
public final class MemoryVote {
  private static final long RETRY_NS = Duration.ofSeconds(1).toNanos();

  private @Nullable VoteState kept;
  private boolean bound = true;
  private long delayNs;
  private boolean failing;

  /**
   * Takes the vote up for a process that starts, or draws a new one.
   *
   * @param random draws ids
   */
  public VoteWriter open(
      VoteRules rules, Transport transport, NodeAddress address, RandomGenerator random) {
    VoteState before = kept;
    boolean mine = before != null && before.self().address().equals(address);
    boolean goesOn = before != null && rules.mayTakeUp(bound && mine);
    VoteState started =
        goesOn && before != null
            ? before.restarted()
            : VoteState.fresh(new Voter(address, random.nextLong()));
    kept = started;
    bound = true;
    return new Writer(transport, started);
  }

  /** What is durable; null for nothing. */
  public @Nullable VoteState kept() {
    return kept;
  }

  /** Has the next process find what another cluster's disk of the same node has. */
  public void takeOver(MemoryVote other) {
    kept = other.kept;
  }

  /** How long the disk takes from now on. */
  public void setDelayNs(long delay) {
    delayNs = delay;
  }

  /** Whether nothing can be written from now on. */
  public void setFailing(boolean fails) {
    failing = fails;
  }

  /** The next process finds nothing. */
  public void lose() {
    kept = null;
  }

  /** Has the next process find what was there at another time, as a restored backup does. */
  public void restore(@Nullable VoteState backup) {
    kept = backup;
    bound = false;
  }

  private final class Writer implements VoteWriter {
    private final Transport transport;
    private final VoteState started;
    private List<Runnable> waiting = new ArrayList<>();
    private VoteState next;
    private boolean writing;

    Writer(Transport transport, VoteState started) {
      this.transport = transport;
      this.started = started;
      this.next = started;
    }

    @Override
    public VoteState state() {
      return started;
    }

    @Override
    public void save(VoteState state, Runnable durable) {
      next = state;
      waiting.add(durable);
      if (!writing) {
        begin();
      }
    }

    /** What was given until now is on its way; what comes meanwhile goes with the next. */
    private void begin() {
      writing = true;
      VoteState state = next;
      List<Runnable> covered = waiting;
      waiting = new ArrayList<>();
      transport.schedule(delayNs, () -> end(state, covered));
    }

    private void end(VoteState state, List<Runnable> covered) {
      if (failing) {
        transport.schedule(RETRY_NS, () -> end(state, covered));
        return;
      }
      kept = state;
      writing = false;
      covered.forEach(Runnable::run);
      if (!writing && !waiting.isEmpty()) {
        begin();
      }
    }
  }
}
