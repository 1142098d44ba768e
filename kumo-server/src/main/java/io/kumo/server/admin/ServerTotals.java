package io.kumo.server.admin;

import io.kumo.core.metrics.Distribution;
import io.kumo.core.metrics.Histogram;
import io.kumo.core.metrics.Measurement;
import io.kumo.core.protocol.admin.ServerStatistics;
import io.kumo.server.metrics.ServerHistogram;
import io.kumo.server.metrics.ServerMetrics;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreMemory;
import io.kumo.server.store.StoreStatistics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** Everything that a server counts and measures, for those who watch it. Thread-safe. */
public final class ServerTotals {
  private final Supplier<List<Measurement>> counters;
  private final ServerMetrics sizes;
  private final Store store;

  /**
   * @param sizes the histograms of the process, beside those of its store
   * @param counters those of the process, beside what its store says; called from any thread
   */
  public ServerTotals(Supplier<List<Measurement>> counters, ServerMetrics sizes, Store store) {
    this.counters = counters;
    this.sizes = sizes;
    this.store = store;
  }

  /**
   * All of them, as they are now. Blocks.
   *
   * @throws io.kumo.server.store.StoreException when the store does not say what it takes up
   */
  public List<Measurement> measurements() {
    List<Measurement> all = new ArrayList<>(counters.get());
    StoreStatistics now = store.statistics();
    all.add(gauge("items", "Records that are not tombstones.", now.liveCount()));
    all.add(gauge("tombstones", "Traces of deleted records.", now.tombstoneCount()));
    all.add(gauge("item_bytes", "Keys and values of records.", now.liveBytes()));
    all.add(gauge("tombstone_bytes", "Keys and values of tombstones.", now.tombstoneBytes()));
    all.add(gauge("file_bytes", "Length of the data files.", now.fileBytes()));
    all.add(gauge("free_bytes", "Room in the data files for records.", now.freeBytes()));
    all.add(gauge("log_bytes", "Length of the redo log.", now.logBytes()));
    all.add(gauge("dirty_bytes", "Changes not yet in the data files.", now.dirtyBytes()));
    all.add(gauge("damaged_items", "Records with a wrong checksum.", now.damagedCount()));
    all.add(gauge("spare_bytes", "Room on the disk above --min-free.", now.spareBytes()));
    long full = now.spareBytes() == 0 ? 1 : 0;
    String refusing = "Whether writes are refused because the disk is full: 1 or 0.";
    all.add(new Measurement(ServerStatistics.DISK_FULL, false, refusing, full));
    addMemory(all, now.memory());
    all.add(counter("log_syncs", "Syncs of the redo log.", now.syncCount()));
    all.add(counter("checkpoints", "Checkpoints of the store.", now.checkpointCount()));
    return all;
  }

  private static void addMemory(List<Measurement> all, StoreMemory memory) {
    String mayTake = "Memory outside the heap that the store may take.";
    all.add(gauge("store_memory_bytes", mayTake, memory.maxBytes()));
    String index = "Memory outside the heap that the index takes.";
    all.add(gauge("index_bytes", index, memory.indexBytes()));
    String aside = "Memory outside the heap that records kept aside until a checkpoint take.";
    all.add(gauge("kept_aside_bytes", aside, memory.keptAsideBytes()));
    String straight =
        "Records written straight to their pages for want of memory to keep them aside.";
    all.add(counter("not_kept_aside", straight, memory.notKeptAsideCount()));
    String scarce = "Whether the data files are larger than the memory for them: 1 or 0.";
    all.add(gauge("memory_scarce", scarce, memory.scarce() ? 1 : 0));
  }

  /** How large what it does is, and how often. */
  public List<Histogram> histograms() {
    return Arrays.stream(ServerHistogram.values())
        .map(which -> which.histogram(distribution(which)))
        .toList();
  }

  private Distribution distribution(ServerHistogram which) {
    return which == ServerHistogram.FSYNC_SECONDS ? store.syncTimes() : sizes.sizes(which).read();
  }

  private static Measurement gauge(String name, String help, long value) {
    return new Measurement("kumo_server_" + name, false, help, value);
  }

  private static Measurement counter(String name, String help, long value) {
    return new Measurement("kumo_server_" + name + "_total", true, help, value);
  }
}
