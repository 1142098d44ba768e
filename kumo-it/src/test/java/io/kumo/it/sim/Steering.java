package io.kumo.it.sim;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.core.protocol.desk.ChangeMembers;
import io.kumo.core.protocol.desk.SteerRebalance;
import io.kumo.core.protocol.desk.SteerRebalance.Step;
import io.kumo.core.protocol.desk.SuspendServer;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.StandingOrders;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What an operator orders of rebalances and for maintenance, and takes back in the end. */
final class Steering {
  private static final int LONGEST_SUSPENSION_SECONDS = 20;
  private static final int FASTEST_RATE = 2_000;

  private Steering() {}

  /** Something at random that is likely to do something now. */
  static Message order(World world, SplittableRandom random) {
    return world.view().rebalancing() ? steer(random) : begin(world, random);
  }

  private static Message steer(SplittableRandom random) {
    int dice = random.nextInt(100);
    if (dice < 45) {
      return new SteerRebalance(Step.CANCEL);
    } else if (dice < 65) {
      return new SteerRebalance(Step.PAUSE);
    }
    return dice < 85 ? new SteerRebalance(Step.RESUME) : throttle(random);
  }

  private static Message begin(World world, SplittableRandom random) {
    NodeAddress server = World.pick(world.servers(), random).address();
    int dice = random.nextInt(100);
    if (dice < 35) {
      return new ChangeMembers(List.of(), List.of(server), true);
    } else if (dice < 60) {
      return new AttachNewServers(true, false);
    } else if (dice < 80) {
      return new SuspendServer(server, random.nextInt(LONGEST_SUSPENSION_SECONDS));
    }
    return throttle(random);
  }

  private static Message throttle(SplittableRandom random) {
    return new SteerRebalance(Step.THROTTLE, random.nextInt(FASTEST_RATE));
  }

  /** What takes back all that holds. */
  static List<Message> end(StandingOrders orders) {
    List<Message> end = new ArrayList<>();
    if (orders.rebalancePaused()) {
      end.add(new SteerRebalance(Step.RESUME));
    }
    if (orders.bytesPerSecond() > 0) {
      end.add(new SteerRebalance(Step.THROTTLE, 0));
    }
    orders.suspended().forEach(s -> end.add(new SuspendServer(s.server(), 0)));
    return end;
  }
}
