package io.kumo.server.merge;

import io.kumo.core.tokyo.Damage;
import io.kumo.core.tokyo.OriginalStore;
import io.kumo.core.tokyo.TchContents;
import io.kumo.server.store.disk.OverlayDisk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A database that is merged: a Tokyo Cabinet file, or a store of ours. */
interface MergeSource extends Closeable {
  /** Gives all records, tombstones included. */
  void read(OriginalStore.RecordConsumer consumer) throws IOException;

  /** Only a guess. */
  long expectedRecords();

  long bytes();

  /** What there is to say of damage after it was read, empty if nothing. */
  String note();

  /**
   * Opens what is there, a file or a folder.
   *
   * @param salvage read what is sound of a damaged file, instead of refusing it
   * @param scratch a folder that is there, for a folder of its own while it is open
   */
  static MergeSource open(Path path, boolean salvage, Path scratch) throws IOException {
    if (Files.isDirectory(path) && OverlayDisk.isStore(path)) {
      return StoreSource.open(path, scratch);
    }
    return new Tch(OriginalStore.open(path, salvage), salvage);
  }

  /** The database of a kumofs server. */
  final class Tch implements MergeSource {
    private final OriginalStore store;
    private final boolean salvage;
    private String note = "";

    Tch(OriginalStore store, boolean salvage) {
      this.store = store;
      this.salvage = salvage;
    }

    @Override
    public void read(OriginalStore.RecordConsumer consumer) throws IOException {
      String problem = store.file().problem();
      TchContents contents = store.read(consumer);
      note = salvage ? Damage.describe(problem, contents, store.foreign()) : "";
    }

    @Override
    public long expectedRecords() {
      return store.expectedRecords();
    }

    @Override
    public long bytes() {
      return store.file().fileBytes();
    }

    @Override
    public String note() {
      return note;
    }

    @Override
    public void close() throws IOException {
      store.close();
    }
  }
}
