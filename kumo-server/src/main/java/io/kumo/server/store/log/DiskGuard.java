package io.kumo.server.store.log;

import io.kumo.core.log.LogId;
import io.kumo.server.store.disk.Disk;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Refuses writes while the disk has less room than it should, before anything is half written. */
public final class DiskGuard {
  private static final Logger LOG = LoggerFactory.getLogger(DiskGuard.class);
  private static final long MAX_DEFAULT_BYTES = 1L << 30;
  private static final int DEFAULT_PART = 50;

  private final Disk disk;
  private final WriteGate gate;
  private final long minFreeBytes;
  private boolean refusing;

  /** A negative bound stands for the smaller of 1 GiB and 2 % of the disk. */
  public DiskGuard(Disk disk, WriteGate gate, long minFreeBytes) throws IOException {
    this.disk = disk;
    this.gate = gate;
    this.minFreeBytes = bound(disk, minFreeBytes);
    check();
  }

  private static long bound(Disk disk, long minFreeBytes) throws IOException {
    return minFreeBytes >= 0
        ? minFreeBytes
        : Math.min(MAX_DEFAULT_BYTES, disk.totalBytes() / DEFAULT_PART);
  }

  /** What may still be written to the disk beside the store; 0 also when that cannot be told. */
  public static long spareBytes(Disk disk, long minFreeBytes) {
    try {
      return Math.max(0, disk.usableBytes() - bound(disk, minFreeBytes));
    } catch (IOException e) {
      LOG.warn("cannot tell how full the disk of {} is: {}", disk.describe(), e.toString());
      return 0;
    }
  }

  /** Looks at the disk and opens or shuts the gate; one thread at a time. */
  public void check() {
    try {
      long usable = disk.usableBytes();
      boolean full = usable < minFreeBytes;
      gate.setRefusal(
          full
              ? "the disk of %s has %d MiB left, less than the %d MiB of --min-free; make room"
                  .formatted(disk.describe(), usable >> 20, minFreeBytes >> 20)
              : null);
      if (full != refusing) {
        refusing = full;
        LOG.warn(
            LogId.DISK_FULL,
            full
                ? "writes are refused: {} has {} MiB left, less than --min-free"
                : "writes are taken again: {} has {} MiB left",
            disk.describe(),
            usable >> 20);
      }
    } catch (IOException e) {
      LOG.warn("cannot tell how full the disk of {} is: {}", disk.describe(), e.toString());
    }
  }
}
