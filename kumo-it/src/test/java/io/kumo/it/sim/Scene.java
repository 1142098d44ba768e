package io.kumo.it.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Who is who when a fault is aimed, and how some are set apart from others. */
final class Scene {
  private final World world;
  private final SplittableRandom random;

  Scene(World world, SplittableRandom random) {
    this.world = world;
    this.random = random;
  }

  /** Who directs; the first manager if nobody does. */
  SimManager director() {
    return world.managers().stream()
        .filter(SimManager::directs)
        .findFirst()
        .orElse(world.managers().get(0));
  }

  SimManager other(SimManager manager) {
    return world.managers().get(world.managers().get(0) == manager ? 1 : 0);
  }

  List<SimServer> others(SimServer server) {
    return world.servers().stream().filter(other -> other != server).toList();
  }

  List<SimServer> shuffled() {
    List<SimServer> left = new ArrayList<>(world.servers());
    List<SimServer> shuffled = new ArrayList<>();
    while (!left.isEmpty()) {
      shuffled.add(left.remove(random.nextInt(left.size())));
    }
    return shuffled;
  }

  List<SimProcess> allBut(List<? extends SimProcess> some) {
    return world.all().filter(process -> !some.contains(process)).toList();
  }

  static List<SimProcess> with(SimServer server, List<SimGateway> gateways) {
    List<SimProcess> all = new ArrayList<>(gateways);
    all.add(server);
    return all;
  }

  /** With some gateways, which go on asking it. */
  void isolate(SimServer server, List<SimGateway> asking) {
    List<SimProcess> inside = with(server, asking);
    setApart(inside, allBut(inside));
  }

  void setApart(List<? extends SimProcess> one, List<? extends SimProcess> other) {
    world.trace().say("aimed fault: " + one + " | " + other);
    one.forEach(a -> other.forEach(b -> cut(a, b)));
  }

  void cut(SimProcess one, SimProcess other) {
    world.conditions().cut(one.index(), other.index(), true);
    world.conditions().cut(other.index(), one.index(), true);
  }
}
