package io.kumo.it.sim;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.route.RequestSequence;
import io.kumo.core.route.RingHolder;
import io.kumo.core.route.Router;
import io.kumo.core.route.RouterOptions;
import io.kumo.core.route.cluster.ManagerOptions;
import io.kumo.core.route.cluster.ViewSubscriber;
import io.kumo.core.route.request.ReadLevel;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.gateway.memcached.CommandDriver;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McOperation;
import io.kumo.gateway.memcached.McStatus;
import io.kumo.gateway.metrics.GatewayMetric;
import io.kumo.gateway.metrics.GatewayMetrics;
import io.kumo.gateway.metrics.GatewayTotals;
import io.kumo.gateway.metrics.RouteMetrics;
import io.kumo.gateway.route.NearCache;
import io.kumo.it.sim.history.ClientOp;
import io.kumo.it.sim.history.OpKind;
import io.kumo.it.sim.history.OpOutcome;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A gateway without its listeners: clients hand their commands to the router. */
final class SimGateway extends SimProcess {
  private static final long NEAR_CACHE_BYTES = 16 << 20;

  private final List<NodeAddress> managers;
  private final CommandDriver driver = new CommandDriver();
  private final int number;
  private final ReadLevel reads;
  private final Supplier<RequestSequence> requests;
  private @Nullable Router router;
  private @Nullable RingHolder ring;
  private GatewayMetrics metrics = new GatewayMetrics();

  SimGateway(
      MemoryNetwork network,
      RandomGenerator random,
      Addresses addresses,
      int number,
      ReadLevel reads,
      Supplier<RequestSequence> requests) {
    super(network, random, addresses.gateway(number), addresses.gatewayIndex(number));
    this.managers = addresses.managers();
    this.number = number;
    this.reads = reads;
    this.requests = requests;
  }

  @Override
  void boot(MemoryHost on, RandomGenerator source) {
    RpcEndpoint endpoint = new RpcEndpoint(on, null, RpcOptions.DEFAULT, source);
    RingHolder followed = new RingHolder(endpoint::peer);
    ring = followed;
    ViewSubscriber links = new ViewSubscriber(endpoint, followed, new ManagerOptions(managers));
    // Every other one has a near cache, which must not show in what clients see.
    NearCache cache = number % 2 == 0 ? new NearCache(NEAR_CACHE_BYTES) : null;
    GatewayMetrics counts = new GatewayTotals().newLoop();
    metrics = counts;
    router =
        new Router(
            on,
            followed,
            RouterOptions.DEFAULT.withReads(reads),
            source,
            links::countError,
            on.time(),
            new RouteMetrics(counts),
            cache,
            requests.get());
    on.execute(links::start);
  }

  @Override
  void ended() {
    router = null;
    ring = null;
  }

  /** Whether a manager has told it where keys are; until then clients are refused. */
  boolean hasView() {
    RingHolder followed = ring;
    return followed != null && !followed.view().spaces().write().isEmpty();
  }

  /** Has the operation done; the answer never comes when the gateway dies before. */
  void submit(ClientOp op, Consumer<Answer> listener) {
    host().execute(() -> execute(op, listener));
  }

  private void execute(ClientOp op, Consumer<Answer> listener) {
    Router to = router;
    if (to == null) {
      return;
    }
    McCommand command = driver.take();
    byte[] key = op.key().getBytes(StandardCharsets.UTF_8);
    command.request().keys().add(key, 0, key.length);
    command.operation(operation(op.kind()));
    if (op.kind() == OpKind.INCR) {
      command.request().delta(Long.parseLong(op.argument()));
    } else if (!op.argument().isEmpty()) {
      command.request().value(Unpooled.copiedBuffer(op.argument(), StandardCharsets.UTF_8));
    }
    if (op.kind() == OpKind.CAS) {
      command.request().compare(op.compare());
    }
    GatewayMetrics counts = metrics;
    long fallenThrough = counts.get(GatewayMetric.FALL_THROUGH_READS);
    driver.execute(
        command,
        to::execute,
        done -> {
          boolean fell =
              op.isRead() && counts.get(GatewayMetric.FALL_THROUGH_READS) != fallenThrough;
          listener.accept(fell ? Answer.of(OpOutcome.NOTHING) : answer(op, done));
        });
  }

  private static McOperation operation(OpKind kind) {
    return switch (kind) {
      case GET -> McOperation.GET;
      case SET, CAS -> McOperation.SET;
      case ADD -> McOperation.ADD;
      case REPLACE -> McOperation.REPLACE;
      case APPEND -> McOperation.APPEND;
      case INCR -> McOperation.INCR;
      case DELETE -> McOperation.DELETE;
    };
  }

  private static Answer answer(ClientOp op, McCommand done) {
    McStatus status = done.status();
    return switch (status) {
      case FETCHED -> fetched(done);
      case STORED, DELETED -> new Answer(OpOutcome.DONE, null, done.outcome().casUnique());
      case COUNTED ->
          new Answer(
              OpOutcome.DONE,
              Long.toUnsignedString(done.outcome().number()),
              done.outcome().casUnique());
      case NOT_STORED -> Answer.of(OpOutcome.REFUSED);
      case EXISTS -> Answer.of(OpOutcome.MISMATCH);
      case NOT_FOUND -> Answer.of(OpOutcome.ABSENT);
      case GET_FAILED, STORE_FAILED, DELETE_FAILED -> Answer.of(OpOutcome.UNKNOWN);
      default -> throw new IllegalStateException(op + " was answered " + status);
    };
  }

  private static Answer fetched(McCommand done) {
    if (!done.outcome().found().has(0)) {
      return Answer.of(OpOutcome.ABSENT);
    }
    String value = done.outcome().found().value(0).toString(StandardCharsets.UTF_8);
    return new Answer(OpOutcome.DONE, value, done.outcome().found().cas(0));
  }

  @Override
  public String toString() {
    return "g" + (number + 1);
  }
}
