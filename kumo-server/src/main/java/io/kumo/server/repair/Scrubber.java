package io.kumo.server.repair;

import io.kumo.core.item.RawKey;
import io.kumo.core.log.LogId;
import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.extended.RepairRecord;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has records that the store found damaged replaced by what other replicas have: asks the key's
 * coordinator, which compares all its replicas and writes the newest record to each. Main loop
 * only.
 */
public final class Scrubber {
  private static final Logger log = LoggerFactory.getLogger(Scrubber.class);
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

  public Scrubber(RpcEndpoint endpoint, Store store, ViewHolder spaces, KeyGate gate) {
    this.endpoint = endpoint;
    this.store = store;
    this.spaces = spaces;
    this.gate = gate;
  }

  /** From now on; any thread. */
  public void start() {
    ticking = endpoint.transport().repeat(PERIOD_NS, "scrubbing", this::tick);
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
      scrub(damaged);
    }
  }

  private void scrub(List<byte[]> damaged) {
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
            LogId.RECORD_LOST,
            "the damaged record of raw key {} cannot be had from a replica; write it anew",
            ByteBufUtil.hexDump(key));
      }
      scrub(Unpooled.wrappedBuffer(key));
    }
  }

  private void scrub(ByteBuf key) {
    NodeAddress coordinator = spaces.current().write().coordinator(RawKey.hash(key));
    if (coordinator == null) {
      return;
    }
    if (spaces.isCoordinator(RawKey.hash(key))) {
      gate.repair(key);
      return;
    }
    Peer peer = endpoint.peer(coordinator);
    boolean original = peer.role() != null && !Capabilities.isExtended(peer.capabilities());
    if (!original) {
      peer.call(new RepairRecord(Method.REPAIR_RECORD, key), CALL_TIMEOUT_NS, new Ignored());
    }
  }

  /** What the store says next counts, not the answer. */
  private static final class Ignored implements ReplyHandler {
    @Override
    public void reply(ByteBuf result) {}

    @Override
    public void error(ErrorCode code, String detail) {
      log.debug("a record cannot be repaired yet: {}", detail);
    }
  }
}
