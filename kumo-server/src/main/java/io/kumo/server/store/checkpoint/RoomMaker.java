package io.kumo.server.store.checkpoint;

import io.kumo.core.guard.Guard;
import io.kumo.core.log.LogId;
import io.kumo.server.store.disk.ScarceMemory;
import io.kumo.server.store.mapdb.CheckpointVolume;
import io.kumo.server.store.shard.Shard;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that extends data files before writers need it: they may not wait for the disk, and a
 * file that is mapped may have no holes. Growth that fails is tried again for as long as it is
 * wanted; meanwhile writers are told that the disk is full. Beside that it looks whether memory is
 * scarce.
 */
public final class RoomMaker {
  private static final Logger LOG = LoggerFactory.getLogger(RoomMaker.class);

  private final List<Shard> shards;
  private final WokenThread thread;
  private boolean failing;

  public RoomMaker(List<Shard> shards) {
    this.shards = shards;
    thread = new WokenThread("kumo-store-room", this::look);
  }

  public void start() {
    thread.start();
  }

  /** Has the thread look now; any thread, at once. */
  public void wake() {
    thread.wake();
  }

  private void look() {
    Guard.ofProcess().run("look at memory", this, () -> ScarceMemory.ofProcess().look());
    if (!Guard.ofProcess().run("growth of data files", this, this::growAll) || failing) {
      thread.pause();
    }
  }

  private void growAll() {
    boolean failed = false;
    for (Shard shard : shards) {
      for (CheckpointVolume volume : shard.volumes()) {
        failed |= !thread.isClosing() && !grow(volume);
      }
    }
    failing = failed;
  }

  private boolean grow(CheckpointVolume volume) {
    try {
      volume.grow();
      return true;
    } catch (IOException e) {
      if (!failing) {
        LOG.warn(
            LogId.FILE_NOT_EXTENDED,
            "a data file cannot be extended and will be tried again: {}",
            e.toString());
      }
      return false;
    }
  }

  /** Ends the thread. */
  public void close() {
    thread.close();
  }
}
