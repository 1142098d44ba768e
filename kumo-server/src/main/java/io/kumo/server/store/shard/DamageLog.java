package io.kumo.server.store.shard;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kumo.core.log.LogId;
import io.kumo.server.store.RawRecords;
import io.kumo.server.store.StoreException;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records that were found damaged and have not been written anew since. Thread-safe; costs
 * nothing while there are none.
 */
public final class DamageLog {
  private static final Logger LOG = LoggerFactory.getLogger(DamageLog.class);
  private static final int MAX_KEYS = 10_000;

  @GuardedBy("this")
  private final Set<ByteBuffer> keys = new LinkedHashSet<>();

  private volatile int count;

  /** A record could not be read; says so once. */
  synchronized void found(byte[] rawKey, StoreException what) {
    if (keys.size() < MAX_KEYS && keys.add(ByteBuffer.wrap(rawKey))) {
      count = keys.size();
      LOG.error(
          LogId.RECORD_DAMAGED,
          "{}; it is not served, and fetched from a replica",
          what.getMessage());
    }
  }

  /** A record was written; borrows the key. */
  void written(ByteBuf rawKey) {
    if (count > 0) {
      repaired(RawRecords.bytes(rawKey));
    }
  }

  private synchronized void repaired(byte[] rawKey) {
    if (keys.remove(ByteBuffer.wrap(rawKey))) {
      count = keys.size();
      LOG.info("the damaged record of raw key {} is replaced", RawRecords.hex(rawKey));
    }
  }

  public int count() {
    return count;
  }

  /** Copies of the first so many keys. */
  public synchronized List<byte[]> keys(int max) {
    List<byte[]> first = new ArrayList<>();
    for (ByteBuffer key : keys) {
      if (first.size() == max) {
        break;
      }
      byte[] copy = new byte[key.remaining()];
      key.duplicate().get(copy);
      first.add(copy);
    }
    return first;
  }
}
