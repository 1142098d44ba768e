package io.kumo.server.merge;

import io.kumo.core.file.PrivateFiles;
import io.kumo.core.tokyo.RecordKind;
import io.kumo.server.store.FsyncPolicy;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.StoreOptions;
import io.kumo.server.store.WriteResult;
import io.kumo.server.store.disk.OverlayDisk;
import io.kumo.server.store.disk.RealDisk;
import io.kumo.server.store.disk.StoreHeader;
import io.kumo.server.store.engine.MapDbStore;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A store of ours that takes the newest version of each key, tombstones included: without them a
 * server that still has the record would bring it back. A new one has a name of its own until it is
 * whole. One that exists is added to where it is; what a failure leaves is a sound store.
 */
final class StoreTarget implements MergeTarget {
  private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int MAX_PAUSES = 60_000;

  private final Path destination;
  private final Path place;
  private final MapDbStore store;
  private long merged;
  private long total;
  private boolean finished;

  private StoreTarget(Path destination, Path place, MapDbStore store) {
    this.destination = destination;
    this.place = place;
    this.store = store;
  }

  /**
   * @param node of a new store: the address of the server that is to open it
   */
  static StoreTarget into(Path destination, String node) throws IOException {
    boolean isThere = PrivateFiles.exists(destination);
    Path place =
        isThere ? destination : destination.resolveSibling(destination.getFileName() + ".tmp");
    if (!isThere && PrivateFiles.exists(place)) {
      PrivateFiles.deleteDirectory(place);
    }
    String owner = node;
    if (isThere && OverlayDisk.isStore(place)) {
      StoreHeader header = StoreHeader.read(new RealDisk(place));
      owner = header == null ? node : header.node();
    }
    StoreOptions options = StoreOptions.defaults().withFsync(FsyncPolicy.NEVER);
    try {
      return new StoreTarget(destination, place, MapDbStore.open(place, owner, options));
    } catch (StoreException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public void add(RecordKind kind, byte[] key, byte[] value) throws IOException {
    switch (kind) {
      case SHORT, FOREIGN -> {
        return;
      }
      case VALUE, TOMBSTONE -> total++;
    }
    for (int pauses = 0; ; pauses++) {
      try {
        WriteResult result =
            store.update(Unpooled.wrappedBuffer(key), Unpooled.wrappedBuffer(value));
        merged += result.stored() ? 1 : 0;
        return;
      } catch (StoreException e) {
        if (e.code() != StoreException.Code.BUSY || pauses == MAX_PAUSES) {
          throw new IOException(e.getMessage(), e);
        }
        LockSupport.parkNanos(PAUSE_NS);
      }
    }
  }

  @Override
  public long merged() {
    return merged;
  }

  @Override
  public long total() {
    return total;
  }

  @Override
  public void finish() throws IOException {
    try {
      store.sync();
      store.close();
    } catch (StoreException e) {
      throw new IOException(e.getMessage(), e);
    }
    if (!place.equals(destination)) {
      Files.move(place, destination, StandardCopyOption.ATOMIC_MOVE);
    }
    finished = true;
  }

  @Override
  public void close() throws IOException {
    store.close();
    if (!finished && !place.equals(destination)) {
      PrivateFiles.deleteDirectory(place);
    }
  }
}
