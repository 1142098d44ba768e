package io.kumo.tools.backup;

import io.kumo.core.cli.CliException;
import io.kumo.core.clock.ClockTime;
import io.kumo.core.item.Item;
import io.kumo.tools.image.ImageHeader;
import io.netty.buffer.ByteBuf;

/**
 * Under which versions the records of images are brought back, one image after the other. Not
 * thread-safe.
 */
final class RestoreVersions {
  private final boolean kept;
  private final long flushClockTime;
  private long last;
  private long image;
  private long clockTime;

  private RestoreVersions(boolean kept, long last, long flushClockTime) {
    this.kept = kept;
    this.last = last;
    this.flushClockTime = flushClockTime;
  }

  /**
   * Anew, each above the one before.
   *
   * @param after all are above it
   * @param flushClockTime records of images up to it are absent; 0 if not known
   */
  static RestoreVersions anew(long after, long flushClockTime) {
    return new RestoreVersions(false, after, flushClockTime);
  }

  /** Those that the records had. */
  static RestoreVersions kept(long flushClockTime) {
    return new RestoreVersions(true, 0, flushClockTime);
  }

  /** Whether the image may follow the one before; throws when not. */
  void begin(ImageHeader header, String name) {
    boolean follows =
        Long.compareUnsigned(clockTime, header.since()) >= 0
            && (header.base() == 0 || header.base() == image);
    if (!header.isFull() && (image == 0 || !follows)) {
      throw CliException.failed(
          "%s has only what is newer than %016x: the image before it is to come first"
              .formatted(name, header.since()));
    }
    image = header.id();
    clockTime = header.clockTime();
  }

  /** Whether a flush_all after it has taken it away. */
  boolean isFlushed(long recordClockTime) {
    return flushClockTime != 0 && !ClockTime.isNewer(recordClockTime, flushClockTime);
  }

  long of(ByteBuf rawValue) {
    return kept ? Item.version(rawValue) : ++last;
  }
}
