package io.kumo.server.store.disk;

import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file of a {@link Disk}. */
public interface DiskFile extends AutoCloseable {
  String name();

  long size() throws IOException;

  /**
   * Cuts the file, or extends it by zeros that have room on the disk; an error when they have not.
   */
  void setSize(long bytes) throws IOException;

  /** Fills the buffer from a position and returns the bytes read: less only at the end. */
  int read(long position, ByteBuffer into) throws IOException;

  /** Writes all that remains in the buffer, extending the file when needed. */
  void write(long position, ByteBuffer from) throws IOException;

  /** Makes content and size durable. */
  void sync() throws IOException;

  /**
   * Memory that shows the file and takes changes that the file never sees. What is written to the
   * file later may or may not show.
   */
  ByteBuffer mapPrivate(long position, int length) throws IOException;

  /** Memory that is the file. */
  ByteBuffer mapShared(long position, int length) throws IOException;

  /** Gives mapped memory back; nobody may touch it afterwards. */
  void unmap(ByteBuffer mapped);

  @Override
  void close() throws IOException;
}
