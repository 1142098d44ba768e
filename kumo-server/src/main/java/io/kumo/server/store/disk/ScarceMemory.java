package io.kumo.server.store.disk;

import com.google.errorprone.annotations.ThreadSafe;
import io.kumo.core.clock.TimeSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this process's files are larger than the memory that the system has for them: it waits
 * for pages of files, and the system reads pages that it has dropped before. Then whoever is about
 * to touch a mapped file has it read first what it needs, by {@link #load}: at a page fault the
 * kernel reads what it reads ahead of files (128 KiB, or 8 MiB where disks are set up so), and
 * drops as much of use for it. While memory is there to be filled, that is what fills it soon.
 */
@ThreadSafe
public final class ScarceMemory {
  private static final Logger LOG = LoggerFactory.getLogger(ScarceMemory.class);
  private static final Path PROCESS = Path.of("/proc/self/stat");
  static final Pattern MAJOR_FAULTS = Pattern.compile("\\) \\S(?: \\S+){8} (\\d{1,18}) [^)]*$");
  private static final Path MACHINE = Path.of("/proc/vmstat");
  static final Pattern REFAULTS = Pattern.compile("(?m)^workingset_refault(?:_file)? (\\d{1,18})$");

  private static final long PERIOD_NS = TimeUnit.SECONDS.toNanos(1);
  private static final int MANY = 4;
  private static final int QUIET_PERIODS = 10;

  private static final ScarceMemory OF_PROCESS =
      new ScarceMemory(TimeSource.system(), ScarceMemory::waits, ScarceMemory::readAnew);

  private final TimeSource time;
  private final LongSupplier waits;
  private final LongSupplier readAnew;
  private long lookedNs;
  private long waitsThen;
  private long readAnewThen;
  private int quietPeriods;
  private volatile boolean scarce;
  private volatile boolean loaded;

  /**
   * @param waits how often the process has waited for a page of a file
   * @param readAnew how many pages of files the system has read that it had dropped
   */
  public ScarceMemory(TimeSource time, LongSupplier waits, LongSupplier readAnew) {
    this.time = time;
    this.waits = waits;
    this.readAnew = readAnew;
    lookedNs = time.nanoTime();
    waitsThen = waits.getAsLong();
    readAnewThen = readAnew.getAsLong();
  }

  /** The memory of this process. */
  public static ScarceMemory ofProcess() {
    return OF_PROCESS;
  }

  public boolean isScarce() {
    return scarce;
  }

  /** Looks again, once a second at most however often it is called. Reads small files. */
  public synchronized void look() {
    if (time.nanoTime() - lookedNs < PERIOD_NS) {
      return;
    }
    lookedNs = time.nanoTime();
    long waitsNow = waits.getAsLong();
    long readAnewNow = readAnew.getAsLong();
    boolean waited = waitsNow - waitsThen >= MANY || loaded;
    if (waited && readAnewNow - readAnewThen >= MANY) {
      quietPeriods = 0;
      scarce = true;
    } else if (++quietPeriods >= QUIET_PERIODS) {
      scarce = false;
    }
    loaded = false;
    waitsThen = waitsNow;
    readAnewThen = readAnewNow;
  }

  /**
   * Has a part of a mapped file in memory, and nothing around it. Blocks while it is read.
   *
   * @param bytes must not exceed the limit of the mapping
   * @return whether it had to be read
   */
  public boolean load(ByteBuffer mapping, int at, int bytes) {
    if (!(mapping.slice(at, bytes) instanceof MappedByteBuffer part) || part.isLoaded()) {
      return false;
    }
    loaded = true;
    part.load();
    return true;
  }

  private static long waits() {
    return sum(PROCESS, MAJOR_FAULTS);
  }

  private static long readAnew() {
    return sum(MACHINE, REFAULTS);
  }

  /**
   * Of the numbers that stand in such places; 0 on another system, where nothing is ever scarce.
   */
  static long sum(Path file, Pattern number) {
    if (!Files.isReadable(file)) {
      return 0;
    }
    try {
      return number
          .matcher(Files.readString(file))
          .results()
          .mapToLong(found -> Long.parseLong(found.group(1)))
          .sum();
    } catch (IOException e) {
      LOG.debug("cannot read {}: {}", file, e.toString());
      return 0;
    }
  }
}
