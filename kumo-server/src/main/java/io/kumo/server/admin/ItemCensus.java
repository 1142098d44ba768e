package io.kumo.server.admin;

import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.extended.GetItemStatistics;
import io.kumo.core.protocol.extended.ItemStatistics;
import io.kumo.core.rpc.Replier;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.transport.Transport;
import io.kumo.server.store.Cursor;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import io.kumo.server.view.ViewHolder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the items that this server coordinates, when somebody asks: by looking at all records, a
 * portion at a time on the worker, for a twentieth of the time at most. Who asks while that takes
 * long, or before it is due again, hears what was counted last, adjusted by how many records there
 * are now. So a small store is counted exactly and a large one closely.
 *
 * <p>Invariants: one count at a time; every question is answered, in time or at once. Confined to
 * the main loop but for {@link ItemCount}, which the worker has while a count runs.
 */
public final class ItemCensus {
  private static final Logger log = LoggerFactory.getLogger(ItemCensus.class);

  private static final long ANSWER_WITHIN_NS = Duration.ofMillis(300).toNanos();
  private static final long UNNOTICED_NS = Duration.ofMillis(50).toNanos();
  private static final int REST_FACTOR = 20;
  private static final int MAX_WAITING = 256;

  private final Transport main;
  private final Transport worker;
  private final Store store;
  private final ViewHolder spaces;
  private final LongSupplier reclaimed;
  private final List<Replier> waiting = new ArrayList<>();
  private boolean counting;
  private long dueNs;
  private long liveAtCount;
  private ItemStatistics counted = ItemStatistics.NONE;

  /**
   * @param worker where records are looked at
   * @param reclaimed expired records dropped so far; any thread
   */
  public ItemCensus(
      Transport main, Transport worker, Store store, ViewHolder spaces, LongSupplier reclaimed) {
    this.main = main;
    this.worker = worker;
    this.store = store;
    this.spaces = spaces;
    this.reclaimed = reclaimed;
    this.dueNs = main.time().nanoTime();
  }

  public void register(RpcEndpoint endpoint) {
    endpoint.handle(
        Method.GET_ITEM_STATISTICS,
        GetItemStatistics.class,
        (message, caller, reply) -> ask(reply));
  }

  private void ask(Replier reply) {
    boolean due = main.time().nanoTime() - dueNs >= 0;
    if (waiting.size() >= MAX_WAITING || !(counting || due)) {
      estimate().write(reply.begin());
      return;
    }
    waiting.add(reply);
    if (waiting.size() == 1) {
      main.schedule(ANSWER_WITHIN_NS, this::answer);
    }
    if (!counting) {
      begin();
    }
  }

  private void begin() {
    counting = true;
    long startNs = main.time().nanoTime();
    long nowSeconds = main.time().unixMillis() / 1000;
    ItemCount count =
        new ItemCount(spaces.current().write(), spaces.self(), spaces.flushClockTime(), nowSeconds);
    worker.execute(() -> look(count, startNs));
  }

  /** On the worker: one portion, so that others have their turn between two. */
  private void look(ItemCount count, long startNs) {
    boolean more = false;
    long spareBytes = 0;
    try {
      Cursor rest = count.countSome(store);
      more = !rest.isDone();
      spareBytes = more ? 0 : store.statistics().spareBytes();
    } catch (StoreException e) {
      log.warn("cannot count the items: {}", e.getMessage());
      count.giveUp();
    } finally {
      if (more) {
        worker.execute(() -> look(count, startNs));
      } else {
        long spare = spareBytes;
        main.execute(() -> ended(count, spare, startNs));
      }
    }
  }

  private void ended(ItemCount count, long spareBytes, long startNs) {
    counting = false;
    long nowNs = main.time().nanoTime();
    long tookNs = nowNs - startNs;
    dueNs = nowNs + (tookNs <= UNNOTICED_NS ? 0 : REST_FACTOR * tookNs);
    if (count.isComplete()) {
      liveAtCount = store.liveCount();
      counted = new ItemStatistics(count.items(), count.bytes(), spareBytes, reclaimed.getAsLong());
    }
    answer();
  }

  private void answer() {
    List<Replier> askers = List.copyOf(waiting);
    waiting.clear();
    askers.forEach(reply -> estimate().write(reply.begin()));
  }

  /** Exact when no record has been made or removed since the count. */
  private ItemStatistics estimate() {
    long live = store.liveCount();
    if (live == liveAtCount || liveAtCount == 0) {
      return counted;
    }
    double factor = (double) live / liveAtCount;
    return new ItemStatistics(
        Math.round(counted.items() * factor),
        Math.round(counted.bytes() * factor),
        counted.spareBytes(),
        reclaimed.getAsLong());
  }
}
