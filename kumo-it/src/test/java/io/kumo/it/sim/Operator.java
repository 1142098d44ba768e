package io.kumo.it.sim;

import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.core.protocol.admin.DetachFaultServers;
import io.kumo.core.protocol.admin.SetAutoReplace;
import io.kumo.core.protocol.admin.StartReplace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.testkit.bug.KnownBug;
import io.kumo.testkit.net.MemoryHost;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Somebody with kumoctl: does random things during the run, and what is right when it is to heal.
 */
final class Operator {
  private static final long TIMEOUT_NS = Duration.ofSeconds(5).toNanos();
  private static final long HEAL_STEP_NS = Duration.ofSeconds(2).toNanos();

  private final World world;
  private final SplittableRandom random;
  private final MemoryHost host;
  private final RpcEndpoint endpoint;
  private boolean healing;
  private boolean steers;
  private int commands;

  Operator(World world, SplittableRandom random) {
    this.world = world;
    this.random = random;
    this.host = world.network().start(world.addresses().operator());
    this.endpoint = new RpcEndpoint(host, null, RpcOptions.DEFAULT, random.split());
  }

  /** Half of the commands are {@link Steering}. */
  void steer() {
    steers = true;
  }

  int commands() {
    return commands;
  }

  /** Gives a random command every few seconds until {@link #heal}. */
  void meddle() {
    long waitNs = Duration.ofMillis(1_500 + random.nextInt(5_000)).toNanos();
    world
        .events()
        .schedule(
            waitNs,
            () -> {
              if (!healing) {
                if (knowsTheCluster()) {
                  command(randomCommand());
                }
                meddle();
              }
            });
  }

  /**
   * Nobody has to form a new cluster of the servers that happen to have found a restarted manager,
   * but it is the manager that must not.
   */
  private boolean knowsTheCluster() {
    return world.bug() == KnownBug.COLD_START_WITHOUT_WAITING
        || world.managers().stream()
            .filter(SimProcess::isWell)
            .noneMatch(manager -> manager.spaces().write().nodes().isEmpty());
  }

  private Message randomCommand() {
    if (steers && random.nextBoolean()) {
      return Steering.order(world, random);
    }
    int dice = random.nextInt(100);
    if (dice < 45) {
      return new AttachNewServers(true, false);
    } else if (dice < 55) {
      return new AttachNewServers(false, false);
    } else if (dice < 70) {
      return new DetachFaultServers(true);
    } else if (dice < 75) {
      return new DetachFaultServers(false);
    } else if (dice < 87) {
      return new StartReplace(false);
    } else if (dice < 92) {
      return new StartReplace(true);
    }
    return new SetAutoReplace(random.nextBoolean());
  }

  /** Repeats what an operator would do until the cluster is as it should be. */
  void heal() {
    healing = true;
    SimManager manager = anyManager();
    HashSpaces view = world.view();
    if (!knowsTheCluster()) {
      world.events().schedule(HEAL_STEP_NS, this::heal);
      return;
    }
    if (manager != null && steers) {
      Steering.end(manager.orders()).forEach(this::command);
    }
    boolean rejoin = world.settings().rejoins();
    boolean faults = !rejoin && view.write().nodes().stream().anyMatch(node -> !node.active());
    boolean newcomers =
        manager != null
            && manager.newcomers().stream().anyMatch(server -> !rejoin || isNew(server, view));
    boolean rebalancing = world.managers().stream().anyMatch(SimManager::isRebalancing);
    if (newcomers || (faults && !rebalancing)) {
      command(new AttachNewServers(true, false));
    } else if (view.rebalancing() && !rebalancing) {
      command(new StartReplace(false));
    }
    world.events().schedule(HEAL_STEP_NS, this::heal);
  }

  /** Whether the cluster does not know it, or not with the disk that it has. */
  private boolean isNew(NodeAddress server, HashSpaces view) {
    return view.write().find(server).isEmpty()
        || world.servers().stream().anyMatch(s -> s.address().equals(server) && s.hasNewDisk());
  }

  /** The first attach: everybody who is there. */
  void attach() {
    int copies = world.settings().copies().copies();
    command(new AttachNewServers(true, false, false, copies));
  }

  private void command(Message message) {
    command(message, answer -> {});
  }

  /** Gives a command to some manager that is well; the listener hears how it was answered. */
  void command(Message message, Consumer<String> listener) {
    SimManager manager = anyManager();
    if (manager == null) {
      listener.accept("no manager");
      return;
    }
    command(manager, message, listener);
  }

  /** Gives a command to this manager. */
  void command(SimManager manager, Message message, Consumer<String> listener) {
    commands++;
    world.trace().say("operator: " + message + " to " + manager);
    ReplyHandler answer =
        new ReplyHandler() {
          @Override
          public void reply(ByteBuf result) {
            world.trace().say("operator: done");
            listener.accept("done");
          }

          @Override
          public void error(ErrorCode code, String detail) {
            world.trace().say("operator: " + code + " " + detail);
            listener.accept(code + " " + detail);
          }
        };
    host.enter(() -> endpoint.peer(manager.address()).call(message, TIMEOUT_NS, answer));
  }

  private @Nullable SimManager anyManager() {
    List<SimManager> well = world.managers().stream().filter(SimProcess::isWell).toList();
    return well.isEmpty() ? null : World.pick(well, random);
  }

  /** Whether the first attach would take in that many. */
  boolean sees(int servers) {
    return world.managers().stream().allMatch(manager -> manager.newcomers().size() == servers);
  }

  /** Servers that the newest hash space marks as fault. */
  static long faults(World world) {
    return world.view().write().nodes().stream()
        .filter(node -> !node.active())
        .map(Node::address)
        .count();
  }
}
