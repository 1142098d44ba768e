package io.kumo.server.store.mapdb;

import io.kumo.server.store.StoreException;
import io.kumo.server.store.disk.DiskFile;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * Makes a data file longer before its room is needed, so that no write waits for the disk: whoever
 * writes says how far it will be, and one thread extends the file by whole slices.
 */
final class FileGrowth {
  private final DiskFile file;
  private final int sliceShift;

  /** The file has so many bytes, and room on the disk for all of them. */
  private volatile long fileBytes;

  private volatile long wantedBytes;
  private final Object extending = new Object();
  private volatile @Nullable IOException failure;

  FileGrowth(DiskFile file, int sliceShift, long fileBytes) {
    this.file = file;
    this.sliceShift = sliceShift;
    this.fileBytes = fileBytes;
  }

  /** Whether the file has so many bytes, and half a slice ahead; if not, they are asked for. */
  boolean isAheadOf(long bytes) {
    long wanted = bytes + (1L << (sliceShift - 1));
    if (wanted <= fileBytes) {
      return true;
    }
    wantedBytes = Math.max(wantedBytes, wanted);
    return false;
  }

  /** Throws when the file has not so many bytes yet, or cannot have them. */
  void require(long bytes) {
    if (bytes > fileBytes) {
      IOException reason = failure;
      if (reason != null) {
        throw full(reason);
      }
      throw new StoreException(
          StoreException.Code.BUSY, file.name() + " is being extended; try again in a moment");
    }
  }

  /** As far as was asked for. Blocks; one thread. */
  void grow() throws IOException {
    long wanted = roundUp(wantedBytes);
    if (fileBytes >= wanted) {
      return;
    }
    try {
      extend(wanted);
      failure = null;
    } catch (ClosedChannelException e) {
      wantedBytes = 0; // It was of a copy that is given up, or of the file that one replaced.
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  /** By one thread at a time: a second one would write zeros over what the first let be used. */
  void extend(long bytes) throws IOException {
    if (fileBytes >= bytes) {
      return;
    }
    synchronized (extending) {
      if (fileBytes < bytes) {
        file.setSize(bytes);
        fileBytes = bytes;
      }
    }
  }

  /** As {@link #grow} for so many bytes, while nobody waits; without room writers will be told. */
  void growAtOpening(long bytes) {
    try {
      if (!isAheadOf(bytes)) {
        grow();
      }
    } catch (IOException e) {
      failure = e;
    }
  }

  private long roundUp(long bytes) {
    long mask = (1L << sliceShift) - 1;
    return (bytes + mask) >>> sliceShift << sliceShift;
  }

  StoreException full(IOException cause) {
    return new StoreException(
        StoreException.Code.DISK_FULL, "cannot extend %s: %s".formatted(file.name(), cause), cause);
  }
}
