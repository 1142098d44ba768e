package io.kumo.server.repair;

import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.extended.MendRecord;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.transport.Cancellable;
import io.kumo.server.store.Store;
import io.kumo.server.view.ViewHolder;
import io.kumo.server.write.KeyGate;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has records that the store found damaged replaced by what other replicas have. The coordinator of
 * a key compares all its replicas and writes the newest record to each; another replica asks it to,
 * as does a gateway whose read had to go past the coordinator. Main loop only.
 */
public final class Mender {
  private static final Logger log = LoggerFactory.getLogger(Mender.class);
  private static final long PERIOD_NS = Duration.ofSeconds(1).toNanos();
  private static final long CALL_TIMEOUT_NS = Duration.ofSeconds(5).toNanos();
  private static final int KEYS_AT_ONCE = 100;
  private static final int TRIES = 10;

  private final RpcEndpoint endpoint;
  private final Store store;
  private final ViewHolder spaces;
  private final KeyGate gate;
  private final Map<ByteBuffer, Integer> tries = new HashMap<>();
  private @Nullable Cancellable ticking;

  public Mender(RpcEndpoint endpoint, Store store, ViewHolder spaces, KeyGate gate) {
    this.endpoint = endpoint;
    this.store = store;
    this.spaces = spaces;
    this.gate = gate;
  }

  public void register() {
    handle(Method.MEND_RECORD, gate::repair);
    handle(Method.COMPARE_RECORD, gate::compare);
  }

  private void handle(Method method, Consumer<ByteBuf> work) {
    endpoint.handle(
        method,
        MendRecord.class,
        (message, caller, reply) -> {
          boolean mine = spaces.isCoordinator(hash(message.key()));
          if (mine) {
            work.accept(message.key());
          }
          reply.bool(mine);
        });
  }

  /** From now on; any thread. */
  public void start() {
    ticking = endpoint.transport().repeat(PERIOD_NS, "mending", this::tick);
  }

  public void stop() {
    if (ticking != null) {
      ticking.cancel();
    }
  }

  private void tick() {
    List<byte[]> damaged = store.damagedKeys(Integer.MAX_VALUE);
    if (damaged.isEmpty()) {
      tries.clear();
    } else {
      mend(damaged);
    }
  }

  private void mend(List<byte[]> damaged) {
    int asked = 0;
    for (byte[] key : damaged) {
      ByteBuffer name = ByteBuffer.wrap(key);
      int before = tries.getOrDefault(name, 0);
      if (before >= TRIES || asked == KEYS_AT_ONCE) {
        continue;
      }
      asked++;
      tries.put(name, before + 1);
      if (before + 1 == TRIES) {
        log.error(
            "the damaged record of raw key {} cannot be had from a replica; write it anew",
            ByteBufUtil.hexDump(key));
      }
      mend(Unpooled.wrappedBuffer(key));
    }
  }

  private void mend(ByteBuf key) {
    NodeAddress coordinator = spaces.current().write().coordinator(hash(key));
    if (coordinator == null) {
      return;
    }
    if (spaces.isCoordinator(hash(key))) {
      gate.repair(key);
      return;
    }
    Peer peer = endpoint.peer(coordinator);
    boolean original = peer.role() != null && !Capabilities.isExtended(peer.capabilities());
    if (!original) {
      peer.call(new MendRecord(Method.MEND_RECORD, key), CALL_TIMEOUT_NS, new Ignored());
    }
  }

  private static long hash(ByteBuf rawKey) {
    return rawKey.getLong(rawKey.readerIndex());
  }

  /** What the store says next counts, not the answer. */
  private static final class Ignored implements ReplyHandler {
    @Override
    public void reply(ByteBuf result) {}

    @Override
    public void error(ErrorCode code, String detail) {
      log.debug("a record cannot be mended yet: {}", detail);
    }
  }
}
