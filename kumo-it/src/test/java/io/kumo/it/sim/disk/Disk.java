package io.kumo.it.sim.disk;

import io.kumo.core.item.Item;
import io.kumo.server.store.Cursor;
import io.kumo.server.store.ScanLimits;
import io.kumo.testkit.net.EventQueue;
import io.kumo.testkit.store.ClockOrder;
import io.kumo.testkit.store.MemoryStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The disk of one simulated server. It outlives processes: what was written stays when a process is
 * killed, and goes back to the last sync when the power fails.
 */
public final class Disk {
  private static final long SYNC_INTERVAL_NS = Duration.ofSeconds(1).toNanos();
  private static final int REQUESTS_KEPT = 20_000;

  /** What a record was before a write that has not been synced. */
  private record Undo(ByteBuf key, @Nullable ByteBuf before) {}

  /** A write with a request id, as the redo log holds it. */
  record LoggedRequest(
      ByteBuf key, long clockTime, long gatewayIncarnation, long sequence, long position) {}

  private final EventQueue events;
  private final FsyncMode mode;
  private final ClockOrder order;
  private final Deque<Undo> unsynced = new ArrayDeque<>();
  private final Deque<LoggedRequest> requests = new ArrayDeque<>();
  private final Map<String, byte[]> states = new HashMap<>();
  private MemoryStore records;
  private long syncedPosition;
  private long lost;
  private int processes;
  private boolean full;

  public Disk(EventQueue events, FsyncMode mode) {
    this(events, mode, ClockOrder.SOUND);
  }

  /**
   * @param order by which records replace each other
   */
  public Disk(EventQueue events, FsyncMode mode, ClockOrder order) {
    this.events = events;
    this.order = order;
    this.records = new MemoryStore(order);
    this.mode = mode;
    if (mode == FsyncMode.EVERYSEC) {
      events.schedule(SYNC_INTERVAL_NS, this::syncEachSecond);
    }
  }

  private void syncEachSecond() {
    sync();
    events.schedule(SYNC_INTERVAL_NS, this::syncEachSecond);
  }

  /** The store as a new process sees it; that of the process before is closed. */
  public DiskStore open() {
    processes++;
    return new DiskStore(this, processes);
  }

  /** Writes that power losses have taken so far. */
  public long lostWrites() {
    return lost;
  }

  /** Takes back what was not synced. The process must have been stopped. */
  public void losePower() {
    processes++;
    for (Undo undo = unsynced.pollLast(); undo != null; undo = unsynced.pollLast()) {
      restore(undo);
      lost++;
    }
    requests.removeIf(request -> request.position() > syncedPosition);
    MemoryStore survivors = new MemoryStore(order);
    records.scan(
        Cursor.all(),
        ScanLimits.records(Integer.MAX_VALUE, Long.MAX_VALUE),
        (key, value, length) -> survivors.update(key, value).stored());
    records = survivors;
    records.setFull(full);
    syncedPosition = records.position();
  }

  private void restore(Undo undo) {
    ByteBuf key = undo.key();
    ByteBuf before = undo.before();
    if (before == null) {
      records.removeIf(key, records.clockTime(key));
    } else {
      records.modify(key, current -> before);
    }
  }

  /** A new, empty disk is put in. */
  public void wipe() {
    processes++;
    unsynced.clear();
    requests.clear();
    states.clear();
    records = new MemoryStore(order);
    records.setFull(full);
    syncedPosition = 0;
  }

  /** There is no room for records any more, or some again. */
  public void setFull(boolean isFull) {
    full = isFull;
    records.setFull(isFull);
  }

  /** Records that are not tombstones. */
  public long liveCount() {
    return records.liveCount();
  }

  /** What is stored under the key, in a word; empty when nothing is. */
  public String describe(long hash, String key) {
    ByteBuf value = records.get(rawKey(hash, key));
    if (value == null) {
      return "";
    }
    int data = Item.isTombstone(value) ? 0 : Item.dataOffset(value);
    String text =
        data == 0
            ? "tombstone"
            : value.toString(data, value.readableBytes() - data, StandardCharsets.UTF_8);
    value.release();
    return text;
  }

  /** Loses the record of the key, if there is one, without anybody's knowledge. */
  public void lose(long hash, String key) {
    ByteBuf rawKey = rawKey(hash, key);
    records.removeIf(rawKey, records.clockTime(rawKey));
  }

  /** Behind the server's back: its record gets this value and is the next version. */
  public void plant(long hash, String key, String value) {
    ByteBuf rawKey = rawKey(hash, key);
    ByteBuf data = Unpooled.copiedBuffer(value, StandardCharsets.UTF_8);
    long clockTime = records.clockTime(rawKey) + 1;
    records.update(rawKey, Item.encode(UnpooledByteBufAllocator.DEFAULT, clockTime, 0, 0, data));
  }

  private static ByteBuf rawKey(long hash, String key) {
    return Unpooled.buffer().writeLong(hash).writeBytes(key.getBytes(StandardCharsets.UTF_8));
  }

  // ---- for the store

  FsyncMode mode() {
    return mode;
  }

  EventQueue events() {
    return events;
  }

  MemoryStore records() {
    return records;
  }

  Map<String, byte[]> states() {
    return states;
  }

  List<LoggedRequest> requests() {
    return new ArrayList<>(requests);
  }

  boolean isCurrent(int process) {
    return process == processes;
  }

  long syncedPosition() {
    return syncedPosition;
  }

  void willChange(ByteBuf rawKey) {
    ByteBuf before = records.get(rawKey);
    unsynced.add(new Undo(copy(rawKey), before == null ? null : copy(before)));
    if (before != null) {
      before.release();
    }
  }

  void didNotChange() {
    unsynced.removeLast();
  }

  void log(LoggedRequest request) {
    requests.add(request);
    if (requests.size() > REQUESTS_KEPT) {
      requests.remove();
    }
  }

  void forgetRequests() {
    requests.clear();
  }

  void sync() {
    unsynced.clear();
    syncedPosition = records.position();
  }

  static ByteBuf copy(ByteBuf buffer) {
    return Unpooled.wrappedBuffer(ByteBufUtil.getBytes(buffer));
  }
}
