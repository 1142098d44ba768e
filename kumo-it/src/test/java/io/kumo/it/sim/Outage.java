package io.kumo.it.sim;

import java.util.List;
import java.util.stream.Stream;

/**
 * One thing that fails alone, and how soon the others go on.
 *
 * <p>Gateways are on the side of the majority.
 */
enum Outage {
  /** Its machine refuses connections: no heartbeat has to be waited for. */
  SERVER_KILLED(3_000, 20_000),
  /** Three heartbeats, leases, and a view. */
  SERVER_PAUSED(14_000, 10_000),
  SERVER_CUT(14_000, 10_000),
  /** Three heartbeats between servers, one more for both to report, and a view. */
  SERVERS_APART(16_000, 10_000),
  /** Nobody but another manager needs it. */
  DIRECTOR_KILLED(1_000, 10_000),
  DIRECTOR_CUT(1_000, 10_000),
  /** First the other manager has to win a term. */
  DIRECTOR_CUT_WITH_A_SERVER(16_000, 10_000);

  private final long servedMs;
  private final long wholeMs;

  Outage(long servedMs, long wholeMs) {
    this.servedMs = servedMs;
    this.wholeMs = wholeMs;
  }

  /** Within this all keys are read and written again, though it lasts. */
  long servedMs() {
    return servedMs;
  }

  /** Within this after its end everything is as before, without an operator. */
  long wholeMs() {
    return wholeMs;
  }

  void set(World world, boolean isThere) {
    SimServer server = world.servers().get(0);
    switch (this) {
      case SERVER_KILLED -> killOrStart(server, isThere);
      case SERVER_PAUSED -> {
        if (isThere) {
          server.pause();
        } else {
          server.resume();
        }
      }
      case SERVER_CUT -> isolate(world, isThere, server);
      case SERVERS_APART -> cut(world, server, world.servers().get(1), isThere);
      case DIRECTOR_KILLED -> killOrStart(world.managers().get(0), isThere);
      case DIRECTOR_CUT -> isolate(world, isThere, world.managers().get(0));
      case DIRECTOR_CUT_WITH_A_SERVER -> isolate(world, isThere, world.managers().get(0), server);
    }
  }

  private static void killOrStart(SimProcess process, boolean isKilled) {
    if (isKilled) {
      process.kill();
    } else {
      process.start();
    }
  }

  private static void isolate(World world, boolean isCut, SimProcess... some) {
    List<SimProcess> alone = List.of(some);
    world
        .all()
        .filter(other -> !alone.contains(other))
        .forEach(other -> Stream.of(some).forEach(one -> cut(world, one, other, isCut)));
  }

  private static void cut(World world, SimProcess one, SimProcess other, boolean isCut) {
    world.conditions().cut(one.index(), other.index(), isCut);
    world.conditions().cut(other.index(), one.index(), isCut);
  }
}
