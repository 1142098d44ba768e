package io.kumo.server.store.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A disk that throws what no disk throws, when a thread of a name asks it next. Thread-safe. */
public final class FaultyDisk implements Disk {
  private final Disk real;
  private final AtomicReference<@Nullable String> planted = new AtomicReference<>();

  public FaultyDisk(Disk real) {
    this.real = real;
  }

  /** The next call of the thread of this name throws. */
  public void plant(String threadName) {
    planted.set(threadName);
  }

  /** Whether what was planted has been thrown. */
  public boolean hasThrown() {
    return planted.get() == null;
  }

  private void throwIfPlanted() {
    String name = Thread.currentThread().getName();
    if (name.equals(planted.get())) {
      planted.set(null);
      throw new IllegalStateException("planted by a test");
    }
  }

  @Override
  public DiskFile open(String name) throws IOException {
    throwIfPlanted();
    return new FaultyFile(real.open(name));
  }

  @Override
  public boolean exists(String name) {
    return real.exists(name);
  }

  @Override
  public List<String> list() throws IOException {
    return real.list();
  }

  @Override
  public void rename(String from, String to) throws IOException {
    throwIfPlanted();
    real.rename(from, to);
  }

  @Override
  public void delete(String name) throws IOException {
    real.delete(name);
  }

  @Override
  public void syncNames() throws IOException {
    throwIfPlanted();
    real.syncNames();
  }

  @Override
  public long usableBytes() throws IOException {
    return real.usableBytes();
  }

  @Override
  public long totalBytes() throws IOException {
    return real.totalBytes();
  }

  @Override
  public String describe() {
    return real.describe();
  }

  private final class FaultyFile implements DiskFile {
    private final DiskFile file;

    FaultyFile(DiskFile file) {
      this.file = file;
    }

    @Override
    public String name() {
      return file.name();
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void setSize(long bytes) throws IOException {
      throwIfPlanted();
      file.setSize(bytes);
    }

    @Override
    public int read(long position, ByteBuffer into) throws IOException {
      return file.read(position, into);
    }

    @Override
    public void write(long position, ByteBuffer from) throws IOException {
      throwIfPlanted();
      file.write(position, from);
    }

    @Override
    public void sync() throws IOException {
      throwIfPlanted();
      file.sync();
    }

    @Override
    public ByteBuffer mapPrivate(long position, int length) throws IOException {
      return file.mapPrivate(position, length);
    }

    @Override
    public ByteBuffer mapShared(long position, int length) throws IOException {
      return file.mapShared(position, length);
    }

    @Override
    public void unmap(ByteBuffer mapped) {
      file.unmap(mapped);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
