package io.kumo.server.repair;

import io.kumo.core.item.RawKey;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.extended.RepairRecord;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.server.view.ViewHolder;
import io.kumo.server.write.KeyGate;
import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/**
 * What the coordinator of a key is asked by replicas whose record is damaged, and by gateways whose
 * read had to go past it: to compare all replicas and write the newest record to each. Main loop
 * only.
 */
public final class RepairHandler {
  private final ViewHolder spaces;
  private final KeyGate gate;

  public RepairHandler(ViewHolder spaces, KeyGate gate) {
    this.spaces = spaces;
    this.gate = gate;
  }

  /** Before the endpoint listens. */
  public void register(RpcEndpoint endpoint) {
    handle(endpoint, Method.REPAIR_RECORD, gate::repair);
    handle(endpoint, Method.COMPARE_RECORD, gate::compare);
  }

  private void handle(RpcEndpoint endpoint, Method method, Consumer<ByteBuf> work) {
    endpoint.handle(
        method,
        RepairRecord.class,
        (message, caller, reply) -> {
          boolean mine = spaces.isCoordinator(RawKey.hash(message.key()));
          if (mine) {
            work.accept(message.key());
          }
          reply.bool(mine);
        });
  }
}
