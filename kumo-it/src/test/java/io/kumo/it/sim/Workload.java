package io.kumo.it.sim;

import io.kumo.it.sim.history.ClientOp;
import io.kumo.it.sim.history.History;
import io.kumo.it.sim.history.OpKind;
import io.kumo.it.sim.history.OpOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The clients: each does one operation at a time, thinks, and does the next, on few hot keys and
 * many cold ones.
 */
final class Workload {
  private static final long GIVE_UP_NS = Duration.ofSeconds(25).toNanos();
  private static final int HOT_TEXTS = 4;
  private static final int HOT_COUNTERS = 2;
  private static final int COLD_TEXTS = 120;
  private static final int COLD_COUNTERS = 20;

  /** One client, bound to one gateway. */
  private final class Client {
    final int number;
    final SimGateway gateway;
    final SplittableRandom random;
    long lastToken;
    String lastKey = "";

    Client(int number, SimGateway gateway, SplittableRandom random) {
      this.number = number;
      this.gateway = gateway;
      this.random = random;
    }

    void think() {
      long thinkNs = random.nextLong(2 * meanThinkNs);
      world.events().schedule(thinkNs, this::next);
    }

    void next() {
      if (stopped) {
        return;
      }
      if (!gateway.isUp()) {
        think();
        return;
      }
      ClientOp op = choose();
      started++;
      boolean[] answered = {false};
      inFlight.add(op);
      gateway.submit(op, answer -> end(op, answer, answered));
      world.events().schedule(GIVE_UP_NS, () -> end(op, Answer.of(OpOutcome.UNKNOWN), answered));
    }

    private void end(ClientOp op, Answer answer, boolean[] answered) {
      if (answered[0]) {
        return;
      }
      answered[0] = true;
      inFlight.remove(op);
      record(world, op, answer);
      if (op.isRead() && answer.token() != 0) {
        lastKey = op.key();
        lastToken = answer.token();
      }
      think();
    }

    private ClientOp choose() {
      boolean hot = random.nextInt(100) < 45;
      boolean counter = random.nextInt(100) < 25;
      History history = world.history();
      if (counter) {
        String key =
            "n" + (hot ? random.nextInt(HOT_COUNTERS) : 10 + random.nextInt(COLD_COUNTERS));
        return counterOp(history, key);
      }
      String key = "k" + (hot ? random.nextInt(HOT_TEXTS) : 10 + random.nextInt(COLD_TEXTS));
      int dice = random.nextInt(100);
      String fresh = "<" + history.ops().size();
      if (dice < 12 && lastToken != 0 && lastKey.startsWith("k")) {
        return history.call(number, OpKind.CAS, lastKey, fresh, lastToken);
      }
      if (dice < 52) {
        return history.call(number, OpKind.GET, key);
      }
      if (dice < 60) {
        return history.call(number, OpKind.DELETE, key);
      }
      OpKind kind =
          dice < 76
              ? OpKind.SET
              : dice < 86 ? OpKind.ADD : dice < 91 ? OpKind.REPLACE : OpKind.APPEND;
      return history.call(number, kind, key, fresh);
    }

    private ClientOp counterOp(History history, String key) {
      int dice = random.nextInt(100);
      if (dice < 50) {
        return history.call(number, OpKind.INCR, key, Integer.toString(1 + random.nextInt(9)));
      }
      if (dice < 80) {
        return history.call(number, OpKind.GET, key);
      }
      if (dice < 85) {
        return history.call(number, OpKind.DELETE, key);
      }
      String fresh = history.ops().size() + "00000";
      return history.call(number, dice < 92 ? OpKind.ADD : OpKind.SET, key, fresh);
    }
  }

  private final World world;
  private final Set<ClientOp> inFlight = new LinkedHashSet<>();
  private final List<Client> clients = new ArrayList<>();
  private final long meanThinkNs;
  private int started;
  private boolean stopped;

  Workload(World world, SplittableRandom random) {
    this.world = world;
    int count = world.settings().clients();
    meanThinkNs =
        Duration.ofSeconds(Settings.WORKLOAD_SECONDS).toNanos()
            * count
            / Settings.OPERATIONS
            * 9
            / 10;
    for (int i = 0; i < count; i++) {
      SimGateway gateway = world.gateways().get(i % world.gateways().size());
      clients.add(new Client(i, gateway, random.split()));
    }
  }

  void start() {
    clients.forEach(Client::think);
  }

  void stop() {
    stopped = true;
  }

  int started() {
    return started;
  }

  /** Operations that wait for their answer. */
  Set<ClientOp> inFlight() {
    return inFlight;
  }

  static List<String> keys() {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 10 + COLD_TEXTS; i++) {
      keys.add("k" + i);
    }
    for (int i = 0; i < 10 + COLD_COUNTERS; i++) {
      keys.add("n" + i);
    }
    return keys;
  }

  static void record(World world, ClientOp op, Answer answer) {
    if (answer.outcome() != OpOutcome.UNKNOWN) {
      world.history().answer(op, answer.outcome(), answer.value(), answer.token());
    }
    long value = answer.value() == null ? 0 : answer.value().hashCode();
    int outcome = answer.outcome().name().hashCode();
    world.trace().mix(op.id() ^ (value << 16) ^ answer.token() ^ outcome);
    if (world.trace().isPrinting()) {
      world.trace().note(op.toString());
    }
  }
}
