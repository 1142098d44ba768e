package io.kumo.local;

import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.core.protocol.admin.GetNodesInfo;
import io.kumo.core.protocol.admin.NodesInfo;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.core.transport.Cancellable;
import io.kumo.core.transport.Transport;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The operator of a cluster in one JVM: attaches its servers once the manager has seen all of them,
 * and knows when a gateway can serve. It speaks with the manager as kumoctl does. Confined to its
 * transport's loop, but for {@link #begin} and {@link #close}.
 */
final class Attachment {
  private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long ANSWER_NS = TimeUnit.SECONDS.toNanos(5);

  private final Transport transport;
  private final RpcEndpoint endpoint;
  private final Peer manager;
  private final List<NodeAddress> servers;
  private final Supplier<PublishedSpaces> gateway;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private @Nullable Cancellable looking;
  private boolean asking;

  /**
   * @param servers all of the cluster
   * @param gateway the view that a gateway has
   */
  Attachment(
      Transport transport,
      NodeAddress manager,
      List<NodeAddress> servers,
      Supplier<PublishedSpaces> gateway,
      RandomGenerator random) {
    this.transport = transport;
    this.endpoint = new RpcEndpoint(transport, null, RpcOptions.DEFAULT, random);
    this.manager = endpoint.peer(manager);
    this.servers = servers;
    this.gateway = gateway;
  }

  /** Completes when the gateway serves every key. */
  CompletableFuture<Void> begin() {
    transport.execute(
        () -> looking = transport.repeat(LOOK_NS, "attaching the servers", this::look));
    return ready;
  }

  /** Ends it, done or not. */
  void close() {
    transport.execute(
        () -> {
          stopLooking();
          endpoint.close();
        });
  }

  private void stopLooking() {
    if (looking != null) {
      looking.cancel();
    }
  }

  private void look() {
    HashSpaces spaces = gateway.get().spaces();
    boolean all = servers.stream().allMatch(spaces.read()::isActive);
    if (all && servers.stream().allMatch(spaces.write()::isActive) && !spaces.rebalancing()) {
      stopLooking();
      ready.complete(null);
    } else if (!asking) {
      ask(new GetNodesInfo());
    }
  }

  private void decide(NodesInfo info) {
    boolean allThere =
        servers.stream()
            .allMatch(s -> info.hashSpace().isActive(s) || info.newcomers().contains(s));
    if (allThere && !info.newcomers().isEmpty()) {
      ask(new AttachNewServers(true, false));
    }
  }

  private void ask(Message message) {
    asking = true;
    manager.call(message, ANSWER_NS, new Answer(message instanceof GetNodesInfo));
  }

  /** Whatever goes wrong is asked again at the next look. */
  private final class Answer implements ReplyHandler {
    private final boolean tellsNodes;

    Answer(boolean tellsNodes) {
      this.tellsNodes = tellsNodes;
    }

    @Override
    public void reply(ByteBuf result) throws MalformedMessageException {
      asking = false;
      if (tellsNodes) {
        decide(NodesInfo.read(result));
      }
    }

    @Override
    public void error(ErrorCode code, String detail) {
      asking = false;
    }
  }

  /** Who is missing, for an error message. */
  String missing() {
    HashSpaces spaces = Objects.requireNonNull(gateway.get()).spaces();
    return servers.stream().filter(s -> !spaces.write().isActive(s)).toList().toString();
  }
}
