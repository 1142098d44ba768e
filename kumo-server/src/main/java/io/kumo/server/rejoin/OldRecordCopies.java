package io.kumo.server.rejoin;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.file.PrivateFiles;
import io.kumo.core.log.LogId;
import io.kumo.server.admin.BackupPlace;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.StoreStatistics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Backs the store up before its old records are removed, beside the store and with the time (UTC)
 * in the name, and keeps the last {@value #MAX_COPIES} of these backups. Without room for one the
 * records are removed all the same: their keys have other owners, without which the cluster goes on
 * with what it has, while a server that waits for an operator would be missing.
 *
 * <p>Thread-safe: one copy at a time, on the executor.
 */
public final class OldRecordCopies implements OldRecords {
  /** So many are kept. */
  static final int MAX_COPIES = 2;

  private static final Logger log = LoggerFactory.getLogger(OldRecordCopies.class);
  private static final String SUFFIX = "before-return-";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private final Store store;
  private final Path path;
  private final TimeSource time;
  private final Executor executor;

  /**
   * @param path of the store's directory
   * @param executor for work that blocks
   */
  public OldRecordCopies(Store store, Path path, TimeSource time, Executor executor) {
    this.store = store;
    this.path = path.toAbsolutePath().normalize();
    this.time = time;
    this.executor = executor;
  }

  @Override
  public void keep(Runnable kept) {
    try {
      executor.execute(
          () -> {
            try {
              copy();
            } finally {
              kept.run();
            }
          });
    } catch (RejectedExecutionException e) {
      log.error(
          LogId.OLD_RECORDS_NOT_KEPT,
          "what is here from before is not kept: the server has too much else to do");
      kept.run();
    }
  }

  private synchronized void copy() {
    try {
      StoreStatistics now = store.statistics();
      long neededBytes = now.fileBytes() + now.logBytes();
      if (neededBytes > now.spareBytes()) {
        log.error(
            LogId.OLD_RECORDS_NOT_KEPT,
            "what is here from before is not kept: that takes {} MiB, and there are {} MiB above"
                + " --min-free",
            neededBytes >> 20,
            now.spareBytes() >> 20);
        return;
      }
      String suffix = SUFFIX + TIME.format(Instant.ofEpochMilli(time.unixMillis()));
      String copy = BackupPlace.of(path, suffix).fill(store);
      log.warn("what is here from before is kept in {}", copy);
      deleteOlder();
    } catch (StoreException e) {
      log.error(
          LogId.OLD_RECORDS_NOT_KEPT, "what is here from before is not kept: {}", e.getMessage());
    } catch (IOException e) {
      log.error(
          LogId.OLD_COPIES_STAY,
          "older copies of what was here before a return are not removed: {}",
          e.toString());
    }
  }

  /** Their names sort by time. What a stopped copy left is whole in no case. */
  private void deleteOlder() throws IOException {
    String prefix = path.getFileName() + "-" + SUFFIX;
    List<Path> copies;
    try (Stream<Path> all = Files.list(path.resolveSibling("."))) {
      copies =
          all.filter(file -> String.valueOf(file.getFileName()).startsWith(prefix))
              .filter(PrivateFiles::isDirectory)
              .sorted()
              .toList();
    }
    long whole = copies.stream().filter(copy -> !isUnfinished(copy)).count();
    for (Path copy : copies) {
      if (isUnfinished(copy) || whole > MAX_COPIES) {
        whole -= isUnfinished(copy) ? 0 : 1;
        BackupPlace.delete(copy);
        log.warn("{} removed: {} later ones are kept", copy.normalize(), MAX_COPIES);
      }
    }
  }

  private static boolean isUnfinished(Path copy) {
    return copy.toString().endsWith(BackupPlace.UNFINISHED);
  }
}
