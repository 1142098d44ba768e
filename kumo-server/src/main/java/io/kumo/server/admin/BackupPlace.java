package io.kumo.server.admin;

import io.kumo.core.file.PrivateFiles;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Where a backup goes: beside the store, under its name with a suffix, as with kumofs 0.4.13. It
 * has that name only when it is whole and durable; until then its name ends in {@code .tmp}.
 */
public final class BackupPlace {
  /** Ends the name of one that is not whole. */
  public static final String UNFINISHED = ".tmp";

  private final Path target;
  private final Path unfinished;

  private BackupPlace(Path target, Path unfinished) {
    this.target = target;
    this.unfinished = unfinished;
  }

  /** The suffix has been checked. */
  public static BackupPlace of(Path store, String suffix) {
    Path whole = store.toAbsolutePath().normalize();
    String name = whole.getFileName() + "-" + suffix;
    return new BackupPlace(whole.resolveSibling(name), whole.resolveSibling(name + UNFINISHED));
  }

  /** Backs a store up to here and returns where that is; blocks. */
  public String fill(Store store) {
    if (PrivateFiles.exists(target)) {
      throw new StoreException(
          StoreException.Code.FOREIGN, target + " exists; take another suffix or move it away");
    }
    try {
      deleteUnfinished();
      PrivateFiles.createDirectory(unfinished);
      store.backup(unfinished);
      Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
      syncNames();
      return target.toString();
    } catch (IOException e) {
      throw new StoreException(
          StoreException.Code.IO, "the backup to %s failed: %s".formatted(target, e), e);
    }
  }

  /** What a backup left that was stopped. */
  private void deleteUnfinished() throws IOException {
    if (PrivateFiles.exists(unfinished)) {
      delete(unfinished);
    }
  }

  /** Deletes a backup, whole or not: a folder of plain files, and never a link to one. */
  public static void delete(Path backup) throws IOException {
    if (!PrivateFiles.isDirectory(backup)) {
      throw new StoreException(
          StoreException.Code.FOREIGN, backup + " is not a folder of a backup; move it away");
    }
    PrivateFiles.deleteDirectory(backup);
  }

  private void syncNames() throws IOException {
    Path folder = target.getParent();
    if (folder != null) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }
}
