package io.kumo.it.sim;

import io.kumo.it.sim.history.ClientOp;
import io.kumo.it.sim.history.OpKind;
import io.kumo.it.sim.history.OpOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Reads and writes keys through some gateways until each has been answered for. */
final class Probes {
  private static final int KEYS = 24;
  private static final int CLIENT = 500;
  private static final long AGAIN_NS = Duration.ofMillis(250).toNanos();

  private final World world;
  private final List<SimGateway> gateways;
  private final Runnable allServed;
  private final Set<String> open = new TreeSet<>();
  private int asked;
  private boolean stopped;

  /**
   * @param allServed run once
   */
  Probes(World world, List<SimGateway> gateways, Runnable allServed) {
    this.world = world;
    this.gateways = gateways;
    this.allServed = allServed;
  }

  void start() {
    for (SimGateway gateway : gateways) {
      for (int i = 0; i < KEYS; i++) {
        probe(gateway, OpKind.SET, "p" + i);
        probe(gateway, OpKind.GET, "p" + i);
      }
    }
  }

  /** What has not been answered for. */
  Set<String> open() {
    return open;
  }

  /** Asks nothing again. */
  void stop() {
    stopped = true;
  }

  private void probe(SimGateway gateway, OpKind kind, String key) {
    if (stopped) {
      return;
    }
    open.add(gateway + " " + kind + " " + key);
    int client = CLIENT + gateway.index();
    ClientOp op = world.history().call(client, kind, key, kind == OpKind.GET ? "" : "<p" + asked++);
    gateway.submit(op, answer -> answered(gateway, op, answer));
  }

  /** What another replica than the coordinator has told was told, though it proves nothing. */
  private void answered(SimGateway gateway, ClientOp op, Answer answer) {
    if (answer.outcome() != OpOutcome.NOTHING) {
      Workload.record(world, op, answer);
    }
    if (answer.outcome() == OpOutcome.UNKNOWN) {
      world.events().schedule(AGAIN_NS, () -> probe(gateway, op.kind(), op.key()));
    } else if (open.remove(gateway + " " + op.kind() + " " + op.key()) && open.isEmpty()) {
      allServed.run();
    }
  }
}
