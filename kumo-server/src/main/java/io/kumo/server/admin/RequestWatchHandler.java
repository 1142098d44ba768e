package io.kumo.server.admin;

import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.admin.GetRequestWatch;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.server.watch.Requests;
import java.util.concurrent.TimeUnit;

/** Tells which requests stood out. Main loop only. */
public final class RequestWatchHandler {
  private static final long TURN_NS = TimeUnit.SECONDS.toNanos(5);

  private final RpcEndpoint endpoint;
  private final Requests requests;

  public RequestWatchHandler(RpcEndpoint endpoint, Requests requests) {
    this.endpoint = endpoint;
    this.requests = requests;
  }

  /** Answers from now on, and lets go of what is old until the loop ends. */
  public void register() {
    endpoint.handle(
        Method.GET_REQUEST_WATCH,
        GetRequestWatch.class,
        (m, caller, reply) -> requests.report(nowNs()).write(reply.begin()));
    endpoint.transport().repeat(TURN_NS, "forgetting old requests", () -> requests.turn(nowNs()));
  }

  private long nowNs() {
    return endpoint.transport().time().nanoTime();
  }
}
