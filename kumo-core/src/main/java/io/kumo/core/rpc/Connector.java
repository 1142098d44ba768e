package io.kumo.core.rpc;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.Cancellable;
import io.kumo.core.transport.Transport;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the connections of one session: at most one attempt under way, failed ones followed by a
 * wait that doubles.
 *
 * <p>Confined to the loop.
 */
final class Connector {
  /** What the session hears. */
  interface ConnectSession {
    /** Makes the listener of a new outgoing link. */
    RpcConnection outgoing();

    /**
     * An attempt failed; {@code exhausted} when as many in a row have failed as the limit allows.
     */
    void attemptFailed(Throwable cause, boolean exhausted);
  }

  private enum ConnectState {
    /** Nothing under way; the next demand connects at once. */
    IDLE,
    /** An attempt is under way. */
    CONNECTING,
    /** An attempt failed a moment ago; demands are refused until the wait is over. */
    WAITING,
    /** A connection is open. */
    CONNECTED
  }

  private static final Logger log = LoggerFactory.getLogger(Connector.class);

  private final Transport transport;
  private final NodeAddress remote;
  private final RpcOptions options;
  private final ConnectSession owner;
  private final Backoff backoff;
  private ConnectState state = ConnectState.IDLE;
  private boolean persistent;
  private boolean restoring;
  private long attemptNs = Long.MAX_VALUE;
  private @Nullable Cancellable wait;

  Connector(
      Transport transport,
      NodeAddress remote,
      RpcOptions options,
      RandomGenerator random,
      ConnectSession owner) {
    this.transport = transport;
    this.remote = remote;
    this.options = options;
    this.owner = owner;
    this.backoff = new Backoff(options.firstBackoffNs(), options.maxBackoffNs(), random);
  }

  /** Whether attempts go on until one succeeds, whatever happens. */
  void setPersistent(boolean persistent) {
    this.persistent = persistent;
  }

  /**
   * No attempt takes longer. One that began while the network was broken is hurried by nobody: the
   * kernel asks again ever more rarely.
   */
  void limitAttempts(long ns) {
    attemptNs = ns;
  }

  /** Connects unless a connection is open or under way; false while it waits after a failure. */
  boolean demand() {
    if (state == ConnectState.IDLE) {
      connect();
    }
    return state == ConnectState.CONNECTING || state == ConnectState.CONNECTED;
  }

  /** A live session lost its last connection: connect again, up to the limit. */
  void restore() {
    restoring = true;
    backoff.reset();
    connect();
  }

  /** A connection, incoming or outgoing, is open. */
  void connected() {
    cancelWait();
    backoff.reset();
    restoring = false;
    state = ConnectState.CONNECTED;
  }

  /** The session was given up. Only a persistent one goes on, after a wait. */
  void lost() {
    cancelWait();
    restoring = false;
    state = ConnectState.IDLE;
    if (persistent) {
      waitAndRetry();
    }
  }

  void close() {
    persistent = false;
    lost();
  }

  private void connect() {
    state = ConnectState.CONNECTING;
    long timeoutNs = Math.min(attemptNs, options.connectTimeoutNs());
    transport.connect(remote, timeoutNs, owner.outgoing());
  }

  /** The attempt under way failed. */
  void failed(Throwable cause) {
    if (state != ConnectState.CONNECTING) {
      return;
    }
    log.debug("connect to {} failed: {}", remote, cause.getMessage());
    waitAndRetry();
    owner.attemptFailed(cause, restoring && backoff.attempts() > options.connectRetryLimit());
  }

  private void waitAndRetry() {
    state = ConnectState.WAITING;
    wait = transport.schedule(backoff.nextNs(), this::waited);
  }

  private void waited() {
    wait = null;
    if (state != ConnectState.WAITING) {
      return;
    }
    state = ConnectState.IDLE;
    if (persistent || restoring) {
      connect();
    }
  }

  private void cancelWait() {
    if (wait != null) {
      wait.cancel();
      wait = null;
    }
  }
}
