package io.kumo.core.desk;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.desk.SetLogLevel;
import io.kumo.core.rpc.Caller;
import io.kumo.core.rpc.Replier;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.transport.Cancellable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Has the process log more, or less, for a while. What counted before the first of several orders
 * counts again when the last one is over. Confined to the endpoint's loop, but for what the nodes
 * of one process share.
 */
public final class LogLevelOrder {
  private static final org.slf4j.Logger log = LoggerFactory.getLogger(LogLevelOrder.class);

  private final RpcEndpoint endpoint;
  private @Nullable Cancellable ending;

  /** Of the process: what counts when no order does, and how many nodes have one. */
  private static final class Shared {
    private @Nullable Level before;
    private int orders;

    synchronized void begin(boolean another) {
      if (another && orders++ == 0) {
        before = root().getLevel();
      }
    }

    synchronized void end() {
      if (--orders == 0) {
        root().setLevel(before);
      }
    }
  }

  private static final Shared SHARED = new Shared();

  private LogLevelOrder(RpcEndpoint endpoint) {
    this.endpoint = endpoint;
  }

  /** Before the endpoint listens. */
  public static void register(RpcEndpoint endpoint) {
    LogLevelOrder order = new LogLevelOrder(endpoint);
    endpoint.handle(Method.SET_LOG_LEVEL, SetLogLevel.class, order::set);
  }

  private static Logger root() {
    return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  private void set(SetLogLevel message, Caller caller, Replier reply) {
    Duration span = Duration.ofMillis(message.forMs());
    log.warn("told by {} to log from {} on for {}", caller.remote(), message.level(), span);
    SHARED.begin(ending == null);
    if (ending != null) {
      ending.cancel();
    }
    root().setLevel(level(message.level()));
    ending = endpoint.transport().schedule(span.toNanos(), this::restore);
    reply.nil();
  }

  private void restore() {
    ending = null;
    SHARED.end();
    log.warn("what is logged is what it was");
  }

  private static Level level(SetLogLevel.Level level) {
    return switch (level) {
      case ERROR -> Level.ERROR;
      case WARN -> Level.WARN;
      case INFO -> Level.INFO;
      case DEBUG -> Level.DEBUG;
      case TRACE -> Level.TRACE;
    };
  }
}
