package io.kumo.it.sim;

import io.kumo.core.guard.Guard;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import io.kumo.it.sim.history.ClientOp;
import io.kumo.it.sim.history.HistoryChecker;
import io.kumo.it.sim.history.OpKind;
import io.kumo.it.sim.history.OpOutcome;
import io.kumo.it.sim.history.Violation;
import io.kumo.server.store.Cursor;
import io.kumo.server.store.ScanLimits;
import io.kumo.testkit.net.MemoryNetwork;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Waits until the cluster has healed, reads everything once more, and holds what it sees against
 * the promise.
 */
final class Judge {
  private static final long STEP_NS = Duration.ofSeconds(1).toNanos();
  private static final int HEAL_SECONDS = 120;
  private static final int QUIET_SECONDS = 12;
  private static final int READER = 1_000;

  /** Timers at one host at a time, of each command and call under way one or two. */
  private static final int MAX_TIMERS = 1_000;

  private final World world;
  private final long bugsBefore;
  private final List<Violation> violations = new ArrayList<>();

  /** Made before the run. */
  Judge(World world) {
    this.world = world;
    this.bugsBefore = Guard.ofProcess().bugs();
  }

  /** Whether it has healed; to be asked first. */
  boolean healed() {
    boolean settled = waitUntilSettled();
    if (!settled) {
      violations.add(new Violation("heals", describe()));
    }
    return settled;
  }

  List<Violation> judge() {
    readEverything();
    compareReplicas();
    lookForBugs();
    switch (world.settings().promise()) {
      case LINEARIZABLE -> violations.addAll(HistoryChecker.checkLinearizable(world.history()));
      case WRITES -> violations.addAll(HistoryChecker.checkWrites(world.history(), READER));
      case CONVERGENCE -> violations.addAll(HistoryChecker.checkNothingInvented(world.history()));
    }
    return violations;
  }

  /** What a program throws, a failed assertion of a loop included, and what it heaps up. */
  private void lookForBugs() {
    MemoryNetwork network = world.network();
    if (network.bugs() > 0) {
      violations.add(new Violation("no bugs", network.bugs() + ", last " + network.lastBug()));
    }
    long shared = Guard.ofProcess().bugs() - bugsBefore;
    if (shared > 0) {
      violations.add(new Violation("no bugs", shared + ", last " + Guard.ofProcess().lastBug()));
    }
    if (network.maxPendingTimers() > MAX_TIMERS) {
      violations.add(new Violation("timers bounded", network.maxPendingTimers() + " at one host"));
    }
  }

  private boolean waitUntilSettled() {
    int quiet = 0;
    for (int second = 0; second < HEAL_SECONDS && quiet < QUIET_SECONDS; second++) {
      world.events().runFor(STEP_NS);
      quiet = world.isSettled() ? quiet + 1 : 0;
    }
    return quiet == QUIET_SECONDS;
  }

  private String describe() {
    StringBuilder text = new StringBuilder("after " + HEAL_SECONDS + " s of rest:");
    for (SimManager manager : world.managers()) {
      text.append("\n      ").append(manager).append(' ').append(text(manager.spaces().write()));
      text.append(" read ").append(text(manager.spaces().read()));
      text.append(manager.isRebalancing() ? " rebalancing" : "");
      text.append(" newcomers ").append(manager.newcomers());
    }
    for (SimServer server : world.servers()) {
      text.append("\n      ").append(server).append(server.isWell() ? " " : " not well ");
      text.append(text(server.spaces().write())).append(" read ");
      text.append(text(server.spaces().read()));
    }
    return text.toString();
  }

  private static String text(HashSpace space) {
    StringBuilder text = new StringBuilder("[");
    space.nodes().forEach(n -> text.append(n.active() ? " " : " !").append(n.address().host()));
    return text.append(" ]@").append(Long.toHexString(space.clockTime())).toString();
  }

  private void readEverything() {
    List<ClientOp> open = new ArrayList<>();
    for (String key : Workload.keys()) {
      for (SimGateway gateway : world.gateways()) {
        ClientOp op = world.history().call(READER + gateway.index(), OpKind.GET, key);
        open.add(op);
        gateway.submit(
            op,
            answer -> {
              if (open.remove(op)) {
                Workload.record(world, op, answer);
                if (answer.outcome() == OpOutcome.UNKNOWN) {
                  violations.add(new Violation("available after heal", op.toString()));
                }
              }
            });
      }
    }
    world.events().runFor(20 * STEP_NS);
    open.forEach(op -> violations.add(new Violation("answers after heal", op.toString())));
    open.clear();
  }

  /**
   * Every replica of a key has the same record, or the same nothing: a tombstone may be gone from
   * some already.
   */
  private void compareReplicas() {
    Map<NodeAddress, Map<String, String>> contents = new TreeMap<>();
    Map<String, Long> keys = new TreeMap<>();
    for (SimServer server : world.servers()) {
      Map<String, String> content = contents(server, keys);
      contents.put(server.address(), content);
    }
    HashSpace write = world.view().write();
    keys.forEach(
        (key, hash) -> {
          List<String> copies = new ArrayList<>();
          for (NodeAddress replica : write.activeReplicas(hash)) {
            copies.add(contents.getOrDefault(replica, Map.of()).getOrDefault(key, ""));
          }
          if (copies.stream().distinct().count() > 1) {
            violations.add(
                new Violation(
                    "replicas equal", key + " " + write.activeReplicas(hash) + " " + copies));
          }
        });
  }

  private static Map<String, String> contents(SimServer server, Map<String, Long> keys) {
    Map<String, String> content = new TreeMap<>();
    server
        .disk()
        .open()
        .scan(
            Cursor.all(),
            ScanLimits.records(Integer.MAX_VALUE, Long.MAX_VALUE),
            (key, value, length) -> {
              String name = key.toString(8, key.readableBytes() - 8, StandardCharsets.UTF_8);
              keys.put(name, key.getLong(key.readerIndex()));
              byte[] bytes = new byte[value.readableBytes()];
              value.getBytes(value.readerIndex(), bytes);
              if (bytes.length > 8) {
                content.put(name, HexFormat.of().formatHex(bytes));
              }
              return true;
            });
    return content;
  }
}
