package io.kumo.it.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.original.HashSpacePush;
import io.kumo.core.protocol.original.HashSpaceSync;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.it.sim.disk.FsyncMode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the change of a hash space costs in a large cluster: one more server is attached. {@code
 * target/scale.txt} has the figures.
 */
class ScaleTest {
  private static final List<String> FIGURES = new ArrayList<>();
  private static final long STEP_NS = Duration.ofMillis(1).toNanos() / 10;
  private static final int MAX_STEPS = 100_000;
  private static final int GATEWAYS = 3;
  private static final int SAMPLES = 200_000;

  @ParameterizedTest
  @ValueSource(ints = 60)
  void sixtyServers(int servers) {
    attachOneMore(servers);
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(ints = 1_000)
  void aThousandServers(int servers) {
    attachOneMore(servers);
  }

  private static void attachOneMore(int servers) {
    World world = world(servers + 1);
    Operator operator = new Operator(world, World.source(1, "operator"));
    world.managers().forEach(SimProcess::start);
    world.servers().subList(0, servers).forEach(SimProcess::start);
    world.gateways().forEach(SimProcess::start);
    runUntil(world, () -> operator.sees(servers));
    world.events().runFor(Duration.ofSeconds(1).toNanos());
    operator.attach();
    runUntil(world, () -> isKnown(world, servers));
    HashSpace before = world.view().write();
    world.servers().get(servers).start();
    runUntil(world, () -> operator.sees(1));

    long startNs = world.events().nowNs();
    operator.attach();
    runUntil(world, () -> isKnown(world, servers + 1));
    double millis = (world.events().nowNs() - startNs) / 1e6;
    report(before, world.view().write(), millis);
  }

  private static World world(int servers) {
    Settings settings =
        new Settings(
            1,
            Promise.LINEARIZABLE,
            2,
            servers,
            0,
            GATEWAYS,
            1,
            FsyncMode.EVERYSEC,
            false,
            3_600,
            false,
            CopySettings.PLAIN);
    World world = new World(settings, World.source(1, "world"), null);
    TraceAppender.silence();
    return world;
  }

  private static boolean isKnown(World world, int servers) {
    long clockTime = world.view().write().clockTime();
    return world.view().write().nodes().size() == servers
        && world.servers().subList(0, servers).stream()
            .allMatch(server -> server.spaces().write().clockTime() == clockTime);
  }

  private static void runUntil(World world, BooleanSupplier reached) {
    for (int step = 0; step < MAX_STEPS; step++) {
      world.events().runFor(STEP_NS);
      if (reached.getAsBoolean()) {
        return;
      }
    }
    throw new AssertionError("never came to that");
  }

  private static void report(HashSpace before, HashSpace after, double millis) {
    int servers = after.nodes().size();
    PublishedSpaces view = new PublishedSpaces(new HashSpaces(after, before), ClusterExtras.NONE);
    long pushed =
        (long) bytes(new HashSpaceSync(view, 0)) * (servers + 1)
            + (long) bytes(new HashSpacePush(view)) * GATEWAYS;
    double moved = moved(before, after);
    double ideal = 1.0 / servers;
    FIGURES.add(
        String.format(
            Locale.ROOT,
            "%d servers: %.1f ms until all know, %d bytes pushed (%d each), %.3f %% of the copies"
                + " move, ideally %.3f %%",
            servers,
            millis,
            pushed,
            pushed / (servers + 1 + GATEWAYS),
            100 * moved,
            100 * ideal));
    assertThat(moved).isBetween(0.5 * ideal, 2 * ideal);
  }

  private static int bytes(Message message) {
    ByteBuf out = Unpooled.buffer();
    message.encode(out);
    return out.readableBytes();
  }

  /** The share of all copies of records that have to go to another server. */
  private static double moved(HashSpace before, HashSpace after) {
    SplittableRandom random = new SplittableRandom(1);
    long moved = 0;
    for (int i = 0; i < SAMPLES; i++) {
      long hash = random.nextLong();
      List<NodeAddress> old = before.activeReplicas(hash);
      moved += after.activeReplicas(hash).stream().filter(node -> !old.contains(node)).count();
    }
    return (double) moved / SAMPLES / HashSpace.DEFAULT_COPIES;
  }

  @AfterAll
  static void writeFigures() throws IOException {
    Files.write(Path.of("target", "scale.txt"), FIGURES);
  }
}
