package io.kumo.server.store.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that can lose its power: what was not synced is then forgotten, kept or torn,
 * each 512-byte sector by itself, and name changes after the last sync of the directory are lost
 * from some point on. It can also be full.
 */
public final class SimulatedDisk implements Disk {
  private static final int SECTOR = 512;

  private static final class Content {
    byte[] now = {};
    byte[] durable = {};
    private @Nullable FileChannel mapped;

    /** Maps a nameless file that is as this one, so that pages are copied as the kernel does it. */
    ByteBuffer mapPrivate(long position, int length) throws IOException {
      FileChannel channel = mapped;
      if (channel == null) {
        channel =
            FileChannel.open(
                Files.createTempFile("kumo-simulated", ""),
                StandardOpenOption.WRITE,
                StandardOpenOption.READ,
                StandardOpenOption.DELETE_ON_CLOSE);
        mapped = channel;
        changed(0, now.length);
      }
      return channel.map(FileChannel.MapMode.PRIVATE, position, length);
    }

    /** What is mapped stays; who maps later sees what has been done to the bytes meanwhile. */
    void mapNoMore() throws IOException {
      FileChannel channel = mapped;
      if (channel != null) {
        mapped = null;
        channel.close();
      }
    }

    void changed(int from, int to) throws IOException {
      FileChannel channel = mapped;
      if (channel != null) {
        channel.write(ByteBuffer.wrap(now, from, to - from), from);
      }
    }
  }

  private final Map<String, Content> names = new LinkedHashMap<>();
  private final List<Map<String, Content>> namesSinceSync = new ArrayList<>();
  private final AtomicInteger operationsLeft = new AtomicInteger(Integer.MAX_VALUE);
  private final Random random;
  private volatile @Nullable SimulatedDisk afterPowerLoss;
  private long roomBytes = Long.MAX_VALUE;

  public SimulatedDisk(Random random) {
    this.random = random;
    namesSinceSync.add(new LinkedHashMap<>());
  }

  /** Cuts the power in so many operations. */
  public void losePowerAfter(int operations) {
    operationsLeft.set(operations);
  }

  /** What the power loss left, null while there is power. */
  public @Nullable SimulatedDisk afterPowerLoss() {
    return afterPowerLoss;
  }

  /** Cuts the power now. */
  public synchronized SimulatedDisk losePower() {
    SimulatedDisk left = afterPowerLoss;
    if (left == null) {
      left = remains(false);
      afterPowerLoss = left;
    }
    return left;
  }

  /** What a kill of the process now would leave: everything that was written. */
  public synchronized SimulatedDisk kill() {
    return remains(true);
  }

  /** Lets files grow by so many bytes more. */
  public synchronized void setRoomBytes(long bytes) {
    roomBytes = bytes;
  }

  private SimulatedDisk remains(boolean everything) {
    SimulatedDisk left = new SimulatedDisk(random);
    Map<String, Content> kept =
        everything ? names : namesSinceSync.get(random.nextInt(namesSinceSync.size()));
    kept.forEach((name, content) -> left.names.put(name, survivor(content, everything)));
    left.namesSinceSync.set(0, new LinkedHashMap<>(left.names));
    return left;
  }

  private Content survivor(Content content, boolean everything) {
    Content survivor = new Content();
    int length = everything || random.nextBoolean() ? content.now.length : content.durable.length;
    byte[] bytes = Arrays.copyOf(everything ? content.now : content.durable, length);
    int changeable = everything ? 0 : Math.min(length, content.now.length);
    for (int at = 0; at < changeable; at += SECTOR) {
      int end = Math.min(changeable, at + SECTOR);
      if (!Arrays.equals(bytes, at, end, content.now, at, end)) {
        int dice = random.nextInt(10);
        int taken = dice < 5 ? 0 : dice < 9 ? end - at : random.nextInt(end - at + 1);
        System.arraycopy(content.now, at, bytes, at, taken);
      }
    }
    survivor.now = bytes;
    survivor.durable = bytes.clone();
    return survivor;
  }

  private void operation() throws IOException {
    if (operationsLeft.decrementAndGet() == 0) {
      losePower();
    }
    if (afterPowerLoss != null) {
      throw new IOException("the power is off");
    }
  }

  private void nameChanged() {
    namesSinceSync.add(new LinkedHashMap<>(names));
  }

  @Override
  public synchronized DiskFile open(String name) throws IOException {
    operation();
    Content content = names.get(name);
    if (content == null) {
      content = new Content();
      names.put(name, content);
      nameChanged();
    }
    return new File(name, content);
  }

  @Override
  public synchronized boolean exists(String name) {
    return names.containsKey(name);
  }

  @Override
  public synchronized List<String> list() {
    return new ArrayList<>(names.keySet());
  }

  @Override
  public synchronized void rename(String from, String to) throws IOException {
    operation();
    names.put(to, names.remove(from));
    nameChanged();
  }

  @Override
  public synchronized void delete(String name) throws IOException {
    operation();
    if (names.remove(name) != null) {
      nameChanged();
    }
  }

  @Override
  public synchronized void syncNames() throws IOException {
    operation();
    namesSinceSync.clear();
    nameChanged();
  }

  @Override
  public synchronized long usableBytes() {
    return roomBytes;
  }

  @Override
  public long totalBytes() {
    return Long.MAX_VALUE;
  }

  @Override
  public String describe() {
    return "simulated";
  }

  /** The bytes of a file, for tests that damage them. */
  public synchronized byte[] bytes(String name) {
    return names.get(name).now;
  }

  /** Cuts a file. */
  public synchronized void truncate(String name, int length) {
    names.get(name).now = Arrays.copyOf(names.get(name).now, length);
  }

  private final class File implements DiskFile {
    private final String name;
    private final Content content;

    File(String name, Content content) {
      this.name = name;
      this.content = content;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public long size() {
      synchronized (SimulatedDisk.this) {
        return content.now.length;
      }
    }

    @Override
    public void setSize(long bytes) throws IOException {
      synchronized (SimulatedDisk.this) {
        operation();
        resize((int) bytes);
      }
    }

    private void resize(int bytes) throws IOException {
      if (bytes != content.now.length) {
        int before = content.now.length;
        take(bytes - before);
        content.now = Arrays.copyOf(content.now, bytes);
        content.changed(Math.min(before, bytes), bytes);
      }
    }

    private void take(long bytes) throws IOException {
      if (roomBytes != Long.MAX_VALUE && bytes > 0) {
        if (bytes > roomBytes) {
          throw new IOException("No space left on device");
        }
        roomBytes -= bytes;
      }
    }

    @Override
    public int read(long position, ByteBuffer into) throws IOException {
      synchronized (SimulatedDisk.this) {
        operation();
        int length = (int) Math.min(into.remaining(), content.now.length - position);
        if (length <= 0) {
          return 0;
        }
        into.put(content.now, (int) position, length);
        return length;
      }
    }

    @Override
    public void write(long position, ByteBuffer from) throws IOException {
      synchronized (SimulatedDisk.this) {
        int length = from.remaining();
        int half = operationsLeft.get() == 1 ? random.nextInt(length + 1) : length;
        int end = (int) position + half;
        if (end > content.now.length) {
          resize(end);
        }
        from.get(content.now, (int) position, half);
        content.changed((int) position, (int) position + half);
        operation();
      }
    }

    @Override
    public void sync() throws IOException {
      synchronized (SimulatedDisk.this) {
        operation();
        content.durable = content.now.clone();
      }
    }

    @Override
    public ByteBuffer mapPrivate(long position, int length) throws IOException {
      synchronized (SimulatedDisk.this) {
        operation();
        return content.mapPrivate(position, length);
      }
    }

    @Override
    public ByteBuffer mapShared(long position, int length) throws IOException {
      synchronized (SimulatedDisk.this) {
        operation();
        return ByteBuffer.wrap(content.now).slice((int) position, length);
      }
    }

    @Override
    public void unmap(ByteBuffer mapped) {
      if (mapped.isDirect()) {
        Unmapper.unmap(mapped);
      }
    }

    @Override
    public void close() throws IOException {
      synchronized (SimulatedDisk.this) {
        content.mapNoMore();
      }
    }
  }
}
