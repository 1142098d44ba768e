package io.kumo.server.rebalance;

import io.kumo.core.clock.HybridClock;
import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.original.ReplaceEnd;
import io.kumo.core.protocol.repair.DigestRanges;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.KeyHash;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.server.lifecycle.LifecycleRules;
import io.kumo.server.lifecycle.Watermarks;
import io.kumo.server.metrics.ServerMetrics;
import io.kumo.server.rejoin.OldRecords;
import io.kumo.server.rejoin.Rejoin;
import io.kumo.server.repair.digest.DigestComparison;
import io.kumo.server.repair.digest.DigestHandler;
import io.kumo.server.rpc.RpcReplicaCaller;
import io.kumo.server.transfer.MovePace;
import io.kumo.server.transfer.OfferStreams;
import io.kumo.server.transfer.RebalanceSettings;
import io.kumo.server.transfer.TargetQuestions;
import io.kumo.server.view.ViewHolder;
import io.kumo.server.write.KeyGate;
import io.kumo.server.write.round.WriteContext;
import io.kumo.server.write.round.WriteLimits;
import io.kumo.server.write.round.WriteRules;
import io.kumo.testkit.net.Endpoints;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import io.kumo.testkit.store.MemoryStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Servers with all that a rebalance needs of them, and managers that direct it. */
final class RebalanceStage {
  private static final long CALL_TIMEOUT_NS = Duration.ofSeconds(5).toNanos();
  private static final int SERVER_PORT = 19800;
  private static final int STREAM_PORT = 19900;

  final MemoryNetwork network = new MemoryNetwork();

  static NodeAddress server(int last) {
    return NodeAddress.of(new byte[] {127, 0, 0, (byte) last}, SERVER_PORT);
  }

  static HashSpace space(long clockTime, NodeAddress... nodes) {
    return HashSpace.of(
        Stream.of(nodes).map(node -> new Node(node, true)).toList(), clockTime << 32);
  }

  static PublishedSpaces view(HashSpace write, HashSpace read) {
    return new PublishedSpaces(new HashSpaces(write, read), ClusterExtras.NONE);
  }

  static ByteBuf key(int number) {
    byte[] user = ("key" + number).getBytes(StandardCharsets.UTF_8);
    return Unpooled.buffer().writeLong(KeyHash.of(user)).writeBytes(user);
  }

  void run(int seconds) {
    network.events().runFor(Duration.ofSeconds(seconds).toNanos());
  }

  /** A server as {@code ServerNode} puts it together, without the writes of clients. */
  final class Server {
    final NodeAddress address;
    final MemoryHost host;
    final MemoryStore store = new MemoryStore();
    final ViewHolder spaces;
    final RpcEndpoint endpoint;
    final RebalanceContext context;
    final Rebalancer rebalancer;
    private final OfferStreams streams;

    Server(int last, PublishedSpaces view) throws IOException {
      address = server(last);
      host = network.start(address);
      spaces = new ViewHolder(address, view);
      endpoint = Endpoints.of(host, Role.SERVER);
      Watermarks watermarks = new Watermarks(store, 10);
      WriteContext.Bookkeeping books =
          WriteContext.Bookkeeping.of(spaces, host.time(), new ServerMetrics(), () -> 0);
      Rejoin rejoin =
          new Rejoin(
              endpoint,
              host,
              spaces,
              new Rejoin.Before(
                  store, watermarks, books, () -> {}, OldRecords.LET_GO, LifecycleRules.SOUND));
      NodeAddress stream = NodeAddress.of(new byte[] {127, 0, 0, (byte) last}, STREAM_PORT);
      HybridClock clock = new HybridClock(host.time());
      WriteContext writes =
          new WriteContext(
              spaces,
              store,
              clock,
              new RpcReplicaCaller(endpoint, clock, WriteRules.SOUND),
              host,
              WriteLimits.defaults(),
              books);
      DigestHandler digests = new DigestHandler(writes);
      endpoint.handle(
          Method.DIGEST_RANGES, DigestRanges.class, (m, caller, reply) -> digests.digest(m, reply));
      context =
          new RebalanceContext(
              endpoint,
              host,
              spaces,
              clock,
              new RebalanceSettings(stream, 0, new MovePace(0), () -> 0),
              new Rebalancer.Records(store, watermarks, books, KeyGate.OPEN, RebalanceRules.SOUND),
              subject -> new DigestComparison(writes, subject),
              rejoin);
      rebalancer = new Rebalancer(context);
      rebalancer.register();
      streams = new OfferStreams(host);
      spaces.dispatchTo(
          (now, continuous) -> {
            rejoin.viewInstalled(now);
            rebalancer.viewInstalled();
          });
      endpoint.listen(address);
    }

    /** Has its stream port opened, by the rebalancer. */
    Server listening() throws IOException {
      rebalancer.listen();
      return this;
    }

    Server with(int records) {
      for (int i = 0; i < records; i++) {
        store.update(key(i), Unpooled.buffer().writeLong(100 + i).writeShort(0).writeByte('v'));
      }
      return this;
    }

    /** Of its own, in place of those that its rebalancer starts. */
    CopyPhase copyPhase(long replaceTime, Peer director) throws IOException {
      streams.listen(context.settings().streamAddress());
      return new CopyPhase(
          context, replaceTime, false, director, streams, new TargetQuestions(endpoint, host));
    }
  }

  /** A manager that tells servers what to start, and hears what has ended. */
  final class Director {
    final NodeAddress address;
    final List<ReplaceEnd> ends = new ArrayList<>();
    final List<String> answers = new ArrayList<>();
    private final RpcEndpoint endpoint;

    Director(int last) throws IOException {
      address = NodeAddress.of(new byte[] {127, 0, 0, (byte) last}, 19700);
      endpoint = Endpoints.of(network.start(address), Role.MANAGER);
      for (Method method : List.of(Method.REPLACE_COPY_END, Method.REPLACE_DELETE_END)) {
        endpoint.handle(
            method,
            ReplaceEnd.class,
            (message, caller, reply) -> {
              ends.add(message);
              reply.bool(true);
            });
      }
      endpoint.listen(address);
    }

    void tell(NodeAddress server, Message order) {
      endpoint.peer(server).call(order, CALL_TIMEOUT_NS, new Noted());
      run(1);
    }

    private final class Noted implements ReplyHandler {
      @Override
      public void reply(ByteBuf result) {
        answers.add("done");
      }

      @Override
      public void error(ErrorCode code, String detail) {
        answers.add(String.valueOf(code));
      }
    }
  }
}
