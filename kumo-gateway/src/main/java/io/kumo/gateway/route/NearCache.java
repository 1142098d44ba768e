package io.kumo.gateway.route;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.kumo.core.route.ReadCache;
import io.kumo.core.route.request.KeyList;
import io.kumo.gateway.metrics.GatewayMetric;
import io.kumo.gateway.metrics.GatewayTotals;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Copies of records that were read, bounded by the bytes that they take. A copy is never shown
 * before the server has said that it is the newest record: what is saved is the way of the value,
 * not the way to the server.
 *
 * <p>Thread-safe, shared by all event loops. Copies are plain arrays and never change, so that one
 * that is evicted while a read waits for the server's word stays good for that read.
 */
public final class NearCache implements ReadCache {
  /** What the table, the key object, and the heads of two arrays take, measured roughly. */
  static final int ENTRY_BYTES = 120;

  private final long maxBytes;
  private final Cache<Key, byte[]> copies;
  private final LongAdder evictions = new LongAdder();

  /** Makes one that holds at most {@code maxBytes}, keys and the table's own share included. */
  public NearCache(long maxBytes) {
    this.maxBytes = maxBytes;
    this.copies =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((Key key, byte[] copy) -> weight(key.bytes.length, copy.length))
            .evictionListener(
                (@Nullable Key key, byte @Nullable [] copy, RemovalCause cause) ->
                    evictions.increment())
            .executor(Runnable::run)
            .build();
  }

  /** A raw key, hash first. */
  private static final class Key {
    private final byte[] bytes;
    private final int hash;

    Key(KeyList keys, int index) {
      this.bytes = Arrays.copyOfRange(keys.bytes(), keys.start(index), keys.end(index));
      this.hash = Long.hashCode(keys.hash(index));
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  private static int weight(int keyBytes, int copyBytes) {
    return keyBytes + copyBytes + ENTRY_BYTES;
  }

  @Override
  public byte @Nullable [] find(KeyList keys, int index) {
    return copies.getIfPresent(new Key(keys, index));
  }

  /** One that would take an eighth of all is not kept. */
  @Override
  public void put(KeyList keys, int index, ByteBuf raw) {
    int keyBytes = keys.end(index) - keys.start(index);
    if (weight(keyBytes, raw.readableBytes()) <= maxBytes / 8) {
      byte[] copy = new byte[raw.readableBytes()];
      raw.getBytes(raw.readerIndex(), copy);
      copies.put(new Key(keys, index), copy);
    }
  }

  @Override
  public void drop(KeyList keys, int index) {
    copies.invalidate(new Key(keys, index));
  }

  /** What the copies take, in the measure of the bound. */
  public long bytes() {
    return copies.policy().eviction().orElseThrow().weightedSize().orElse(0);
  }

  /** Has the totals show its size. */
  public void measure(GatewayTotals totals) {
    totals.share(GatewayMetric.NEAR_CACHE_BYTES, this::bytes);
    totals.share(GatewayMetric.NEAR_CACHE_ITEMS, copies::estimatedSize);
    totals.share(GatewayMetric.NEAR_CACHE_EVICTIONS, evictions::sum);
  }
}
