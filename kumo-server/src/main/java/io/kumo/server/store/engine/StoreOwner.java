package io.kumo.server.store.engine;

import io.kumo.server.store.StoreException;
import io.kumo.server.store.StoreOptions;
import io.kumo.server.store.disk.Disk;
import io.kumo.server.store.disk.StoreHeader;
import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;

/** Whose store a directory is: a new one becomes this node's, one of another node is refused. */
final class StoreOwner {
  private StoreOwner() {}

  /** The header, and empty data files, of a new store. */
  static StoreHeader make(Disk disk, String node, StoreOptions options) throws IOException {
    if (disk.exists(ShardRecovery.recordsName(0)) && !StoreHeader.isBeingMade(disk)) {
      throw new StoreException(
          StoreException.Code.CORRUPT,
          "%s has data files but no %s; restore it from a backup"
              .formatted(disk.describe(), StoreHeader.NAME));
    }
    StoreHeader.beginMaking(disk);
    StoreHeader made =
        new StoreHeader(
            node,
            ThreadLocalRandom.current().nextLong(),
            options.shards(),
            options.segmentBytes(),
            1,
            false);
    ShardRecovery.make(disk, made, options);
    made.write(disk);
    StoreHeader.endMaking(disk);
    return made;
  }

  /** The header of a store that is there, which is in use from now on. */
  static StoreHeader reopen(Disk disk, StoreHeader found, String node) throws IOException {
    if (!found.node().equals(node)) {
      throw new StoreException(
          StoreException.Code.FOREIGN,
          "%s is the store of %s, not of %s; give -s its own directory"
              .formatted(disk.describe(), found.node(), node));
    }
    StoreHeader opened = found.opened();
    opened.write(disk);
    return opened;
  }
}
