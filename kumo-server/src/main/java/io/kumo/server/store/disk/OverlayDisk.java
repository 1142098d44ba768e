package io.kumo.server.store.disk;

import io.kumo.core.file.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A directory that is read and never changed: what is written goes to copies in another one. A file
 * is copied when it is written to first; private mappings need no copy. So a backup can be opened
 * like any store, journals and redo log included, and stays what it was.
 */
public final class OverlayDisk implements Disk {
  private static final int COPY_BYTES = 1 << 20;

  private final Disk base;
  private final Disk copies;
  private final Set<String> deleted = new HashSet<>();
  private volatile Predicate<String> dropped = name -> false;

  /**
   * @param base must be there
   * @param copies an empty directory, which the caller removes
   */
  public OverlayDisk(Path base, Path copies) {
    this.base = new RealDisk(base);
    this.copies = new RealDisk(copies);
  }

  /**
   * From now on what is written to these files is dropped, which spares copying them while a store
   * is closed that nobody will open again.
   */
  public void drop(Predicate<String> names) {
    dropped = names;
  }

  @Override
  public synchronized DiskFile open(String name) throws IOException {
    boolean shown = !copies.exists(name) && base.exists(name) && !deleted.contains(name);
    return new File(name, shown ? base.open(name) : copies.open(name), shown);
  }

  @Override
  public synchronized boolean exists(String name) {
    return copies.exists(name) || (base.exists(name) && !deleted.contains(name));
  }

  @Override
  public synchronized List<String> list() throws IOException {
    Set<String> names = new HashSet<>(base.list());
    names.removeAll(deleted);
    names.addAll(copies.list());
    return new ArrayList<>(names);
  }

  @Override
  public synchronized void rename(String from, String to) throws IOException {
    if (!copies.exists(from)) {
      copy(from);
    }
    copies.rename(from, to);
    deleted.add(from);
  }

  @Override
  public synchronized void delete(String name) throws IOException {
    copies.delete(name);
    deleted.add(name);
  }

  private void copy(String name) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(COPY_BYTES);
    try (DiskFile from = base.open(name);
        DiskFile to = copies.open(name)) {
      long size = from.size();
      for (long at = 0; at < size; at += COPY_BYTES) {
        from.read(at, buffer.clear());
        to.write(at, buffer.flip());
      }
    }
  }

  /** Nothing here has to survive. */
  @Override
  public void syncNames() {}

  @Override
  public long usableBytes() throws IOException {
    return copies.usableBytes();
  }

  @Override
  public long totalBytes() throws IOException {
    return copies.totalBytes();
  }

  @Override
  public String describe() {
    return base.describe();
  }

  /** Whether the directory is a store's, by its header. */
  public static boolean isStore(Path directory) {
    return PrivateFiles.exists(directory.resolve(StoreHeader.NAME));
  }

  /** Shows the file of the base until it is written to. */
  private final class File implements DiskFile {
    private final String name;
    private DiskFile file;
    private boolean shown;

    File(String name, DiskFile file, boolean shown) {
      this.name = name;
      this.file = file;
      this.shown = shown;
    }

    private synchronized DiskFile file() {
      return file;
    }

    private synchronized DiskFile own() throws IOException {
      if (shown) {
        synchronized (OverlayDisk.this) {
          if (!copies.exists(name)) {
            copy(name);
          }
        }
        file.close();
        file = copies.open(name);
        shown = false;
      }
      return file;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public long size() throws IOException {
      return file().size();
    }

    @Override
    public void setSize(long bytes) throws IOException {
      if (!dropped.test(name) && bytes != size()) {
        own().setSize(bytes);
      }
    }

    @Override
    public int read(long position, ByteBuffer into) throws IOException {
      return file().read(position, into);
    }

    @Override
    public void write(long position, ByteBuffer from) throws IOException {
      if (dropped.test(name)) {
        from.position(from.limit());
      } else {
        own().write(position, from);
      }
    }

    @Override
    public void sync() {}

    @Override
    public ByteBuffer mapPrivate(long position, int length) throws IOException {
      return file().mapPrivate(position, length);
    }

    @Override
    public ByteBuffer mapShared(long position, int length) throws IOException {
      return own().mapShared(position, length);
    }

    @Override
    public void unmap(ByteBuffer mapped) {
      file().unmap(mapped);
    }

    @Override
    public void close() throws IOException {
      file().close();
    }
  }
}
