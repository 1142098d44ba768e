package io.kumo.server.store.disk;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.kumo.core.file.PrivateFiles;
import io.kumo.server.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The directory of a store, locked against other processes; refuses what is no such directory. */
public final class StoreDirectory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StoreDirectory.class);
  public static final String LOCK = "lock";
  private static final String ORIGINAL = "a Tokyo Cabinet database of the original kumofs";
  private static final String TOKYO_CABINET = "ToKyO CaBiNeT";
  private static final int MAPDB_MAGIC = 0x4A;

  private final FileChannel channel;
  private final FileLock lock;

  private StoreDirectory(FileChannel channel, FileLock lock) {
    this.channel = channel;
    this.lock = lock;
  }

  /** Makes the directory when it is missing, and locks it. */
  public static StoreDirectory lock(Path path) throws IOException {
    if (Files.exists(path) && !Files.isDirectory(path)) {
      throw new StoreException(
          StoreException.Code.FOREIGN,
          "%s is %s, not a directory; %s".formatted(path, kind(path), remedy(path)));
    }
    PrivateFiles.createDirectories(path);
    refuseForeignFiles(path);
    FileChannel channel = PrivateFiles.open(path.resolve(LOCK));
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Falls through: this process has the store open.
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    if (lock == null) {
      throw new StoreException(
          StoreException.Code.LOCKED,
          path + " is in use by another server; stop it or give -s another directory");
    }
    if (PrivateFiles.makePrivate(path)) {
      LOG.warn("{} could be read by others; now only by the user of this server", path);
    }
    return new StoreDirectory(channel, lock);
  }

  private static void refuseForeignFiles(Path path) throws IOException {
    if (Files.exists(path.resolve(StoreHeader.NAME))) {
      return;
    }
    try (Stream<Path> files = Files.list(path)) {
      List<Path> foreign =
          files.filter(file -> !isOurs(file.getFileName().toString())).limit(1).toList();
      if (!foreign.isEmpty()) {
        throw new StoreException(
            StoreException.Code.FOREIGN,
            "%s is no kumo store: it holds %s, %s; give -s a new or empty directory"
                .formatted(path, foreign.get(0).getFileName(), kind(foreign.get(0))));
      }
    }
  }

  private static boolean isOurs(String name) {
    return name.startsWith(".")
        || name.equals("lost+found")
        || name.equals(LOCK)
        || name.equals("vote")
        || name.matches("kumo-store.*|(records|journal|index|log|log-spare)\\.[0-9]+.*|state-.*");
  }

  private static String remedy(Path path) throws IOException {
    return kind(path).equals(ORIGINAL)
        ? "give -s a new one, and load the file with kumo-import -m MANAGER " + path
        : "give -s a directory of its own";
  }

  private static String kind(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return "a directory";
    }
    try (InputStream in = Files.newInputStream(path)) {
      byte[] head = in.readNBytes(TOKYO_CABINET.length());
      if (new String(head, ISO_8859_1).equals(TOKYO_CABINET)) {
        return ORIGINAL;
      }
      return head.length > 1 && head[0] == MAPDB_MAGIC && head[1] <= 3 && head[1] >= 0
          ? "a MapDB file"
          : "a regular file";
    }
  }

  @Override
  public void close() throws IOException {
    lock.release();
    channel.close();
  }
}
