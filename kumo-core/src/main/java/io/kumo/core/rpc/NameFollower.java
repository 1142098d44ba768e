package io.kumo.core.rpc;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.Cancellable;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks the name of a node up again for as long as there is no connection under the address that it
 * meant before: names move, and may come to mean something only after this process has started.
 * Confined to the loop.
 */
public final class NameFollower {
  private static final Logger log = LoggerFactory.getLogger(NameFollower.class);
  private static final long PERIOD_NS = Duration.ofSeconds(2).toNanos();

  /** Looks names up without blocking the caller. */
  public interface Resolver {
    /**
     * Looks one up.
     *
     * @param found called once, on any thread; given null if the name means no IPv4 address
     */
    void lookUp(String host, int port, Consumer<@Nullable NodeAddress> found);
  }

  /** Hears that a name means another address than before. */
  public interface Moves {
    void moved(@Nullable NodeAddress before, NodeAddress now);
  }

  private final RpcEndpoint endpoint;
  private final NamedNode name;
  private final Resolver resolver;
  private final Moves moves;
  private @Nullable NodeAddress current;
  private boolean asking;
  private boolean complained;

  private NameFollower(RpcEndpoint endpoint, NamedNode name, Resolver resolver, Moves moves) {
    this.endpoint = endpoint;
    this.name = name;
    this.resolver = resolver;
    this.moves = moves;
    this.current = name.address();
  }

  /** Goes on until it is cancelled. On the loop. */
  public static Cancellable follow(
      RpcEndpoint endpoint, NamedNode name, Resolver resolver, Moves moves) {
    NameFollower follower = new NameFollower(endpoint, name, resolver, moves);
    follower.lookUp();
    return endpoint.transport().repeat(PERIOD_NS, "looking up " + name, follower::lookUp);
  }

  private void lookUp() {
    boolean connected = current != null && endpoint.peer(current).connected();
    if (asking || connected) {
      return;
    }
    asking = true;
    resolver.lookUp(
        name.host(), name.port(), found -> endpoint.transport().execute(() -> found(found)));
  }

  private void found(@Nullable NodeAddress found) {
    asking = false;
    if (found == null) {
      if (!complained) {
        complained = true;
        log.warn("cannot resolve {}; trying on", name);
      }
      return;
    }
    complained = false;
    NodeAddress before = current;
    if (!found.equals(before)) {
      current = found;
      log.info("{} is {} now", name, found);
      moves.moved(before, found);
    }
  }
}
