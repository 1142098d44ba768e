package io.kumo.server.watch;

import io.kumo.core.item.RawKey;
import io.kumo.core.protocol.admin.RequestWatch;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Notes which of the requests that a server coordinates stand out, in bounded memory and at next to
 * no cost: one request in {@value #SAMPLED} is counted by its key, and of the others no more than
 * the bytes is looked at. Main loop only, but for {@link #slowerThan}.
 */
public final class Requests {
  /** One in so many is counted for the hot keys. */
  static final int SAMPLED = 16;

  static final int MAX_SLOW = 200;
  static final int MAX_HOT = 50;

  /** Smaller values are not worth a place among the large. */
  static final int LARGE_BYTES = 16 << 10;

  private static final long WINDOW_NS = TimeUnit.SECONDS.toNanos(60);
  private static final long DEFAULT_SLOW_NS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Deque<RequestWatch.Slow> slow = new ArrayDeque<>();
  private HotKeys former = new HotKeys();
  private HotKeys current = new HotKeys();
  private LargeValues formerLarge = new LargeValues();
  private LargeValues currentLarge = new LargeValues();
  private boolean begun;
  private long windowNs;
  private long formerNs;
  private int unsampled;
  private volatile long slowNs = DEFAULT_SLOW_NS;

  /** Writes that take this long are noted from now on; any thread. */
  public void slowerThan(long ns) {
    slowNs = ns;
  }

  /** From when on; any thread. */
  public long slowNs() {
    return slowNs;
  }

  /** A read was answered; borrows the raw key. */
  public void read(ByteBuf rawKey, long bytes) {
    note(rawKey, bytes, false);
  }

  /** A write has come; borrows the raw key. */
  public void write(ByteBuf rawKey, long bytes) {
    note(rawKey, bytes, true);
  }

  private void note(ByteBuf rawKey, long bytes, boolean write) {
    if (bytes >= LARGE_BYTES) {
      currentLarge.add(RawKey.hash(rawKey), bytes, rawKey);
    }
    if (++unsampled >= SAMPLED) {
      unsampled = 0;
      current.add(RawKey.hash(rawKey), write, rawKey);
    }
  }

  /**
   * A write is over; borrows the raw key.
   *
   * @param bytes of key and value
   */
  public void took(ByteBuf rawKey, long bytes, long tookNs, long unixMillis) {
    if (tookNs < slowNs) {
      return;
    }
    if (slow.size() == MAX_SLOW) {
      slow.removeFirst();
    }
    slow.addLast(new RequestWatch.Slow(unixMillis, KeyText.of(rawKey), bytes, tookNs / 1000));
  }

  /** Lets go of what is older than two minutes; to be called now and then. */
  public void turn(long nowNs) {
    if (!begun) {
      begun = true;
      windowNs = nowNs;
      formerNs = nowNs;
    } else if (nowNs - windowNs >= WINDOW_NS) {
      former = current;
      current = new HotKeys();
      formerLarge = currentLarge;
      currentLarge = new LargeValues();
      formerNs = windowNs;
      windowNs = nowNs;
    }
  }

  /** What stood out during the last one or two minutes, and the last slow writes. */
  public RequestWatch report(long nowNs) {
    turn(nowNs);
    Map<String, RequestWatch.Hot> hot = new HashMap<>();
    for (HotKeys window : List.of(former, current)) {
      for (HotKeys.Entry entry : window.top(MAX_HOT)) {
        RequestWatch.Hot of =
            new RequestWatch.Hot(entry.key(), entry.reads() * SAMPLED, entry.writes() * SAMPLED);
        hot.merge(entry.key(), of, Requests::plus);
      }
    }
    Map<String, RequestWatch.Large> large = new HashMap<>();
    formerLarge.all().forEach(value -> large.put(value.key(), value));
    currentLarge.all().forEach(value -> large.put(value.key(), value));
    List<RequestWatch.Hot> keys = new ArrayList<>(hot.values());
    keys.sort((a, b) -> Long.compare(b.reads() + b.writes(), a.reads() + a.writes()));
    List<RequestWatch.Large> values = new ArrayList<>(large.values());
    values.sort((a, b) -> Long.compare(b.bytes(), a.bytes()));
    return new RequestWatch(
        Math.max(1, TimeUnit.NANOSECONDS.toSeconds(nowNs - formerNs)),
        keys.subList(0, Math.min(MAX_HOT, keys.size())),
        values.subList(0, Math.min(MAX_HOT, values.size())),
        List.copyOf(slow));
  }

  private static RequestWatch.Hot plus(RequestWatch.Hot a, RequestWatch.Hot b) {
    return new RequestWatch.Hot(a.key(), a.reads() + b.reads(), a.writes() + b.writes());
  }
}
