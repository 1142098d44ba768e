package io.kumo.core.tokyo;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A Tokyo Cabinet hash file, opened for reading. It is read front to back in bounded memory: one
 * record at a time. Not thread-safe.
 */
public final class TchFile implements Closeable {

  /** Takes records, in the order in which they lie in the file; owns the arrays. */
  @FunctionalInterface
  public interface EntryConsumer {
    void record(byte[] key, byte[] value) throws IOException;
  }

  private final FileChannel channel;
  private final TchHeader header;
  private final long fileBytes;
  private final boolean hasLog;

  private TchFile(FileChannel channel, TchHeader header, long fileBytes, boolean hasLog) {
    this.channel = channel;
    this.header = header;
    this.fileBytes = fileBytes;
    this.hasLog = hasLog;
  }

  /**
   * Opens a file and reads its header.
   *
   * @throws TchException if the file is not one that {@link #read} or {@link #salvage} could read
   */
  public static TchFile open(Path path) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      ByteBuffer head = ByteBuffer.allocate(TchLayout.HEADER_BYTES);
      int read = 0;
      while (head.hasRemaining() && read >= 0) {
        read = channel.read(head, head.position());
      }
      TchHeader header = TchHeader.parse(head.clear());
      return new TchFile(channel, header, channel.size(), hasLog(path));
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static boolean hasLog(Path path) throws IOException {
    Path log = path.resolveSibling(path.getFileName() + ".wal");
    return Files.exists(log) && Files.size(log) > 0;
  }

  public TchHeader header() {
    return header;
  }

  /** Bytes of the file. */
  public long fileBytes() {
    return fileBytes;
  }

  /** Why {@link #read} will refuse, as far as that is known before; null if it is not. */
  public @Nullable String problem() {
    return hasLog
        ? "it has an unfinished transaction in the .wal file beside it; tchmgr list ends it"
        : header.problem(fileBytes);
  }

  /**
   * Reads all records of a sound file.
   *
   * @throws TchException at the first damage that is found; it may show only at the end, when all
   *     records have been given to the consumer
   */
  public TchContents read(EntryConsumer consumer) throws IOException {
    String problem = problem();
    if (problem != null) {
      throw new TchException(problem);
    }
    BlockReader blocks = new BlockReader(channel, header, header.end());
    try {
      return new TchScan(header, blocks).read(consumer);
    } finally {
      blocks.release();
    }
  }

  /**
   * Reads what records there are in a file that may be damaged anywhere behind its header. Versions
   * of records that had been overwritten or removed may be among them where a block's head is lost.
   *
   * @throws TchException if it is too damaged to tell records from their contents
   */
  public TchContents salvage(EntryConsumer consumer) throws IOException {
    BlockReader blocks = new BlockReader(channel, header, fileBytes);
    try {
      return new TchSalvage(header, blocks).read(consumer);
    } finally {
      blocks.release();
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
