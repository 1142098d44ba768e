package io.kumo.server.store.disk;

import io.kumo.core.file.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;

/**
 * A file of the operating system. An interrupt would close the channel for everyone, so the flag of
 * the calling thread is put aside while the channel works.
 */
final class RealFile implements DiskFile {
  private static final int ZEROS = 1 << 18;

  private final String name;
  private final FileChannel channel;

  RealFile(Path path) throws IOException {
    name = path.getFileName().toString();
    channel = PrivateFiles.open(path);
  }

  private interface ChannelWork<T> {
    T run() throws IOException;
  }

  private static <T> T uninterrupted(ChannelWork<T> work) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      return work.run();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long size() throws IOException {
    return uninterrupted(channel::size);
  }

  @Override
  public void setSize(long bytes) throws IOException {
    long size = size();
    if (bytes < size) {
      uninterrupted(() -> channel.truncate(bytes));
    }
    for (long at = size; at < bytes; at += ZEROS) {
      write(at, ByteBuffer.allocate((int) Math.min(ZEROS, bytes - at)));
    }
  }

  @Override
  public int read(long position, ByteBuffer into) throws IOException {
    return uninterrupted(
        () -> {
          int total = 0;
          while (into.hasRemaining()) {
            int read = channel.read(into, position + total);
            if (read < 0) {
              break;
            }
            total += read;
          }
          return total;
        });
  }

  @Override
  public void write(long position, ByteBuffer from) throws IOException {
    uninterrupted(
        () -> {
          long at = position;
          while (from.hasRemaining()) {
            at += channel.write(from, at);
          }
          return at;
        });
  }

  @Override
  public void sync() throws IOException {
    uninterrupted(
        () -> {
          channel.force(false);
          return true;
        });
  }

  @Override
  public ByteBuffer mapPrivate(long position, int length) throws IOException {
    return uninterrupted(() -> channel.map(MapMode.PRIVATE, position, length));
  }

  @Override
  public ByteBuffer mapShared(long position, int length) throws IOException {
    return uninterrupted(() -> channel.map(MapMode.READ_WRITE, position, length));
  }

  @Override
  public void unmap(ByteBuffer mapped) {
    Unmapper.unmap(mapped);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
