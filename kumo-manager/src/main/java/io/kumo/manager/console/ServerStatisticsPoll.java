package io.kumo.manager.console;

import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.admin.GetServerStatistics;
import io.kumo.core.protocol.admin.ServerStatistics;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.rpc.RpcEndpoint;
import io.netty.buffer.ByteBuf;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What servers count, asked for once a second while somebody looks, and not otherwise; those of
 * kumofs 0.4.13 would break the connection off, and are not asked. Confined to the manager's loop.
 */
final class ServerStatisticsPoll {
  private static final long PERIOD_NS = TimeUnit.SECONDS.toNanos(1);
  private static final long WATCHED_NS = TimeUnit.SECONDS.toNanos(10);

  /**
   * What a server said at a moment.
   *
   * @param atNs on the monotonic clock
   */
  record Look(ServerStatistics statistics, long atNs) {}

  /** What is known of one server: the last two answers, and whether one is awaited. */
  static final class Known {
    private @Nullable Look before;
    private @Nullable Look last;
    private boolean asked;

    @Nullable Look before() {
      return before;
    }

    @Nullable Look last() {
      return last;
    }
  }

  private final RpcEndpoint endpoint;
  private final Map<NodeAddress, Known> servers = new HashMap<>();
  private long watchedNs;
  private boolean watched;
  private long askedNs;

  ServerStatisticsPoll(RpcEndpoint endpoint) {
    this.endpoint = endpoint;
  }

  /** Somebody looks. */
  void watched() {
    long nowNs = nowNs();
    if (!watched) {
      askedNs = nowNs - PERIOD_NS;
    }
    watched = true;
    watchedNs = nowNs;
  }

  /** Asks them when it is time to; to be called several times a second. */
  void tick(Collection<NodeAddress> live) {
    long nowNs = nowNs();
    if (watched && nowNs - watchedNs > WATCHED_NS) {
      watched = false;
      servers.clear();
    }
    if (!watched || nowNs - askedNs < PERIOD_NS) {
      return;
    }
    askedNs = nowNs;
    servers.keySet().retainAll(live);
    live.forEach(this::ask);
  }

  private void ask(NodeAddress server) {
    Known known = servers.computeIfAbsent(server, address -> new Known());
    Peer peer = endpoint.peer(server);
    boolean knowsTheQuestion = Capabilities.isExtended(peer.capabilities());
    if (known.asked || !peer.connected() || !knowsTheQuestion) {
      return;
    }
    known.asked = true;
    peer.call(new GetServerStatistics(), PERIOD_NS, new Answer(known));
  }

  /** Null when it was never asked. */
  @Nullable Known of(NodeAddress server) {
    return servers.get(server);
  }

  long nowNs() {
    return endpoint.transport().time().nanoTime();
  }

  private final class Answer implements ReplyHandler {
    private final Known known;

    Answer(Known known) {
      this.known = known;
    }

    @Override
    public void reply(ByteBuf result) throws MalformedMessageException {
      ServerStatistics statistics = ServerStatistics.read(result);
      known.asked = false;
      known.before = known.last;
      known.last = new Look(statistics, nowNs());
    }

    /** Who is away is shown as that. */
    @Override
    public void error(ErrorCode code, String detail) {
      known.asked = false;
    }
  }
}
