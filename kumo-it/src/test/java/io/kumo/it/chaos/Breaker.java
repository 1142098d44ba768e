package io.kumo.it.chaos;

import io.kumo.it.process.ClusterProcesses;
import io.kumo.it.process.KumoProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Does the damage of a round, and undoes it: every process runs again, every server is attached.
 */
final class Breaker {
  private static final Duration HEALED_AFTER = Duration.ofMinutes(2);

  private final ClusterProcesses cluster;
  private final SplittableRandom random;

  Breaker(ClusterProcesses cluster, SplittableRandom random) {
    this.cluster = cluster;
    this.random = random;
  }

  void inflict(Fault fault) throws IOException, InterruptedException {
    int server = random.nextInt(cluster.serverCount());
    int other = (server + 1 + random.nextInt(cluster.serverCount() - 1)) % cluster.serverCount();
    int manager = random.nextInt(2);
    switch (fault) {
      case KILL_SERVER -> killServer(server);
      case HANG_SERVER -> hang("server-" + server);
      case KILL_MANAGER -> killManager(manager);
      case HANG_MANAGER -> hang("manager-" + manager);
      case KILL_BOTH_MANAGERS -> killBothManagers(manager);
      case DETACH -> detach(server);
      case KILL_WHILE_ATTACHING -> {
        beginAttach(server);
        killServer(other);
      }
      case HANG_WHILE_ATTACHING -> {
        beginAttach(server);
        hang("server-" + other);
      }
      case KILL_MANAGER_WHILE_ATTACHING -> {
        beginAttach(server);
        killManager(manager);
      }
    }
  }

  private void killServer(int server) throws InterruptedException {
    cluster.process("server-" + server).kill();
    pause(2500);
    cluster.startServer(server);
  }

  private void killManager(int manager) throws InterruptedException {
    cluster.process("manager-" + manager).kill();
    pause(2000);
    cluster.startManager(manager);
  }

  private void killBothManagers(int first) throws InterruptedException {
    cluster.process("manager-0").kill();
    pause(300);
    cluster.process("manager-1").kill();
    pause(1500);
    cluster.startManager(first);
    pause(4000);
    cluster.startManager(1 - first);
  }

  private void hang(String name) throws IOException, InterruptedException {
    KumoProcess process = cluster.process(name);
    process.suspend();
    try {
      pause(9000);
    } finally {
      process.resume();
    }
  }

  private void detach(int server) throws InterruptedException {
    cluster.process("server-" + server).kill();
    String fault = cluster.server(server) + "  (fault)";
    awaitOrGoOn(() -> anyManager("status").output().contains(fault));
    if (random.nextBoolean()) {
      anyManager("detach", "--wait");
    } else {
      anyManager("detach");
      pause(1000);
    }
    cluster.startServer(server);
  }

  /** Leaves the server in the middle of being given its records back, if all goes well. */
  private void beginAttach(int server) throws InterruptedException {
    killServer(server);
    String address = cluster.server(server);
    awaitOrGoOn(() -> newcomers(anyManager("status").output()).contains(address));
    anyManager("attach");
    pause(300);
  }

  /** Whether everything is as before within two minutes. */
  boolean heal() {
    long deadlineNs = System.nanoTime() + HEALED_AFTER.toNanos();
    while (System.nanoTime() - deadlineNs < 0) {
      KumoProcess.Result status = anyManager("status");
      boolean strangers = !newcomers(status.output()).isBlank();
      if (status.exitCode() == 0 && !strangers && allActive(status.output())) {
        if (cluster.isSettled()) {
          return true;
        }
      } else if (strangers) {
        anyManager("attach", "--wait");
      }
      pause(300);
    }
    return false;
  }

  private boolean allActive(String status) {
    for (int i = 0; i < cluster.serverCount(); i++) {
      if (!status.contains(cluster.server(i) + "  (active)")) {
        return false;
      }
    }
    return true;
  }

  private static String newcomers(String status) {
    int at = status.indexOf("not attached node:");
    return at < 0 ? "" : status.substring(status.indexOf('\n', at));
  }

  /** What either manager says; the first one that is there. */
  KumoProcess.Result anyManager(String... command) {
    KumoProcess.Result result = cluster.kumoctl(0, command);
    return result.exitCode() == 1 ? cluster.kumoctl(1, command) : result;
  }

  private interface Condition {
    boolean holds();
  }

  /** For what usually, but not surely, comes. */
  private static void awaitOrGoOn(Condition condition) {
    for (int i = 0; i < 50 && !condition.holds(); i++) {
      LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
    }
  }

  private void pause(int maxMillis) {
    LockSupport.parkNanos(Duration.ofMillis(random.nextInt(maxMillis)).toNanos());
  }
}
