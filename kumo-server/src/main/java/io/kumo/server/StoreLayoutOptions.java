package io.kumo.server;

import io.kumo.core.cli.CliException;
import io.kumo.core.cli.DataSize;
import io.kumo.server.store.FsyncPolicy;
import io.kumo.server.store.StoreOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the store is laid out, and when it syncs. */
final class StoreLayoutOptions {
  @Option(
      names = "--fsync",
      paramLabel = "POLICY",
      defaultValue = "everysec",
      description = "When a write is synced to disk: always, everysec or never: ${DEFAULT-VALUE}.")
  private FsyncPolicy fsync = FsyncPolicy.EVERYSEC;

  @Option(
      names = "--shards",
      paramLabel = "N",
      defaultValue = "8",
      description =
          "Data files, a power of two up to 256; fixed when a store is made: ${DEFAULT-VALUE}.")
  private int shards;

  @Option(
      names = "--dirty-memory",
      paramLabel = "SIZE",
      defaultValue = "256m",
      converter = DataSize.Converter.class,
      description = "Memory for changes not yet in the data files: ${DEFAULT-VALUE}.")
  private DataSize dirtyMemory = new DataSize(0);

  @Option(
      names = "--log-size",
      paramLabel = "SIZE",
      defaultValue = "512m",
      converter = DataSize.Converter.class,
      description = "Length of the redo log: ${DEFAULT-VALUE}.")
  private DataSize logSize = new DataSize(0);

  @Option(
      names = "--min-free",
      paramLabel = "SIZE",
      converter = DataSize.Converter.class,
      description = "Refuse writes when the disk has less room; by default 1g or 2 %% of it.")
  private @Nullable DataSize minFree;

  StoreOptions toOptions() {
    try {
      return StoreOptions.defaults()
          .withFsync(fsync)
          .withShards(shards)
          .withDirtyMemoryBytes(dirtyMemory.bytes())
          .withLogSizeBytes(logSize.bytes())
          .withMinFreeBytes(minFree == null ? -1 : minFree.bytes());
    } catch (IllegalArgumentException e) {
      throw CliException.usage(String.valueOf(e.getMessage()));
    }
  }
}
