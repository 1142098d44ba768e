package io.kumo.core.security.reload;

import io.kumo.core.guard.Guard;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.reload.ReloadFiles;
import io.kumo.core.protocol.reload.ReloadedFiles;
import io.kumo.core.rpc.Replier;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.security.Reloads;
import io.kumo.core.transport.Transport;

/**
 * Answers {@link ReloadFiles}: one at a time, on a thread of its own, since it reads files.
 * Confined to the loop of its endpoint.
 */
public final class ReloadHandler {
  private final RpcEndpoint endpoint;
  private final Reloads reloads;
  private boolean busy;

  private ReloadHandler(RpcEndpoint endpoint, Reloads reloads) {
    this.endpoint = endpoint;
    this.reloads = reloads;
  }

  /** From now on. Any thread. */
  public static void register(RpcEndpoint endpoint, Reloads reloads) {
    ReloadHandler handler = new ReloadHandler(endpoint, reloads);
    endpoint
        .transport()
        .execute(
            () ->
                endpoint.handle(
                    Method.RELOAD_FILES,
                    ReloadFiles.class,
                    (message, caller, reply) -> handler.reload(reply)));
  }

  private void reload(Replier reply) {
    if (busy) {
      reply.error(ErrorCode.SERVER);
      return;
    }
    busy = true;
    Guard.ofProcess().thread("kumo-reload-now", () -> readFiles(reply)).start();
  }

  private void readFiles(Replier reply) {
    Transport transport = endpoint.transport();
    Reloads.Report report;
    try {
      report = reloads.reloadAll();
    } finally {
      transport.execute(() -> busy = false);
    }
    transport.execute(
        () -> new ReloadedFiles(report.failed(), report.lines()).write(reply.begin()));
  }
}
