package io.kumo.server.store.mapdb;

import io.kumo.server.store.disk.DiskFile;
import io.kumo.server.store.disk.ScarceMemory;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.mapdb.DataInput2;
import org.mapdb.volume.Volume;

/**
 * The memory in which MapDB changes a data file: private mappings of the file, so that nothing
 * reaches the file until a checkpoint writes it there.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>Everything but {@link #grow} happens under the lock of the shard that owns the volume;
 *       nothing of it blocks but page faults, and the growth of the file while nobody shares it.
 *   <li>What has changed since the last checkpoint, {@link UnitTracker} knows.
 * </ul>
 */
public final class CheckpointVolume extends Volume {
  static final int UNIT_SHIFT = 9;
  static final int UNIT_BYTES = 1 << UNIT_SHIFT;
  private static final byte[] ZEROS = new byte[1024];

  private final DiskFile file;
  private final int sliceShift;
  private final int sliceMask;
  private final long bytesAtOpening;

  private final FileGrowth growth;

  private ByteBuffer[] slices = {};
  private ByteBuffer[] views = {};
  private DataInput2.ByteBuffer[] inputs = {};

  private int lastSlice;

  private final UnitTracker units = new UnitTracker(this);
  private final PageReader pages = new PageReader(this, ScarceMemory.ofProcess());

  /** Maps what the file has; {@code sliceBytes} is a power of two of at least 1 MiB. */
  public CheckpointVolume(DiskFile file, int sliceBytes) throws IOException {
    this.file = file;
    this.sliceShift = Integer.numberOfTrailingZeros(sliceBytes);
    this.sliceMask = sliceBytes - 1;
    this.bytesAtOpening = file.size();
    this.growth = new FileGrowth(file, sliceShift, bytesAtOpening);
    ensureAvailable(bytesAtOpening);
  }

  /** Length of the file before it was extended to whole slices. */
  long bytesAtOpening() {
    return bytesAtOpening;
  }

  /**
   * Whether the file has at least so many bytes, and half a slice ahead; if not, {@link #grow} is
   * asked for them.
   */
  boolean isAheadOf(long bytes) {
    return growth.isAheadOf(bytes);
  }

  /** Maps so much of the file, which has to have it already. */
  void map(long bytes) {
    growth.require(bytes);
    ensureAvailable(bytes);
  }

  /** Extends the file by whole slices as far as was asked for. Blocks; one thread, without lock. */
  public void grow() throws IOException {
    if (!closed.get()) {
      growth.grow();
    }
  }

  /** As {@link #grow} for so many bytes, while nobody waits; without room writers will be told. */
  void growAtOpening(long bytes) {
    growth.growAtOpening(bytes);
  }

  /** Starts a checkpoint: what is dirty now is what the checkpoint will write. */
  public FrozenUnits freeze() {
    return units.freeze(slices.length << (sliceShift - UNIT_SHIFT));
  }

  /** Ends a checkpoint; one that did not reach its journal gives its units back. */
  public void thaw(boolean written) {
    units.thaw(written);
  }

  /**
   * Says whether the file lacks, until a journal is applied, what the last checkpoint has taken out
   * of the memory that it could be taken from again.
   */
  public void setAwaitsFile(boolean awaits) {
    units.setAwaitsFile(awaits);
  }

  /**
   * Maps a slice anew to let go of its own pages; not while a checkpoint runs.
   *
   * @return the former mapping, for {@link #letGo} once the lock is free, as that takes long; null
   *     when there was nothing to do
   */
  public @Nullable ByteBuffer remap(int slice) throws IOException {
    if (!units.mayRemap(slice, sliceShift)) {
      return null;
    }
    ByteBuffer old = slices[slice];
    ByteBuffer fresh = file.mapPrivate((long) slice << sliceShift, 1 << sliceShift);
    units.remap(slice, sliceShift, old, fresh);
    install(slice, fresh);
    return old;
  }

  /** Gives back what {@link #remap} returned; any thread. */
  public void letGo(@Nullable ByteBuffer formerMapping) {
    if (formerMapping != null) {
      file.unmap(formerMapping);
    }
  }

  public int sliceCount() {
    return slices.length;
  }

  /** Memory that the mapping has for itself. */
  public long ownBytes() {
    return units.ownBytes();
  }

  /** What the next checkpoint would write. */
  long dirtyBytes() {
    return units.dirtyBytes();
  }

  /** Whether a change of this range, which lies in one slice, takes no more memory. */
  boolean ownsAll(long offset, int length) {
    return units.ownsAll(offset, length);
  }

  /** Whether a part of this range need not be as the file is. */
  boolean ownsAny(long offset, int length) {
    return units.ownsAny(offset, length);
  }

  /** Whether the mapping has the same bytes from an offset on, all in one slice. */
  boolean shows(long offset, ByteBuffer other, int index, int length) {
    ByteBuffer mine = slice(offset);
    int at = indexInSlice(offset);
    int i = 0;
    for (; i <= length - Long.BYTES; i += Long.BYTES) {
      if (mine.getLong(at + i) != other.getLong(index + i)) {
        return false;
      }
    }
    for (; i < length; i++) {
      if (mine.get(at + i) != other.get(index + i)) {
        return false;
      }
    }
    return true;
  }

  /** The offset of what the last data input began with. */
  long lastInputOffset() {
    return ((long) lastSlice << sliceShift) + inputs[lastSlice].pos;
  }

  /** The mapping around an offset, whose position and limit nobody changes. */
  ByteBuffer memory(long offset) {
    return slice(offset);
  }

  /** The same mapping as the last data input, but position and limit are the caller's to set. */
  ByteBuffer lastView() {
    return views[lastSlice];
  }

  /** Changes a byte of {@link #lastView}. */
  void putByteInView(int index, byte value) {
    putByte(((long) lastSlice << sliceShift) + index, value);
  }

  int indexInSlice(long offset) {
    return (int) offset & sliceMask;
  }

  private ByteBuffer slice(long offset) {
    return slices[(int) (offset >>> sliceShift)];
  }

  /** The mapping around a range that is about to be read or written. */
  private ByteBuffer used(long offset, int length) {
    pages.use(offset, length);
    return slice(offset);
  }

  private void install(int slice, ByteBuffer mapped) {
    slices[slice] = mapped;
    views[slice] = mapped.duplicate();
    inputs[slice] = new DataInput2.ByteBuffer(mapped, 0);
  }

  @Override
  public void ensureAvailable(long offset) {
    int needed = (int) ((offset + sliceMask) >>> sliceShift);
    int had = slices.length;
    if (needed <= had) {
      return;
    }
    try {
      long bytes = (long) needed << sliceShift;
      growth.extend(bytes);
      slices = Arrays.copyOf(slices, needed);
      views = Arrays.copyOf(views, needed);
      inputs = Arrays.copyOf(inputs, needed);
      for (int i = had; i < needed; i++) {
        install(i, file.mapPrivate((long) i << sliceShift, 1 << sliceShift));
      }
    } catch (IOException e) {
      slices = Arrays.copyOf(slices, had);
      throw growth.full(e);
    }
    units.ensureBound(needed << (sliceShift - UNIT_SHIFT));
  }

  @Override
  public void putLong(long offset, long value) {
    units.touch(offset, Long.BYTES);
    used(offset, Long.BYTES).putLong(indexInSlice(offset), value);
  }

  @Override
  public void putInt(long offset, int value) {
    units.touch(offset, Integer.BYTES);
    used(offset, Integer.BYTES).putInt(indexInSlice(offset), value);
  }

  @Override
  public void putByte(long offset, byte value) {
    units.touch(offset, 1);
    used(offset, 1).put(indexInSlice(offset), value);
  }

  @Override
  public void putData(long offset, byte[] source, int sourcePosition, int length) {
    if (length > 0) {
      units.touch(offset, length);
      used(offset, length).put(indexInSlice(offset), source, sourcePosition, length);
    }
  }

  @Override
  public void putData(long offset, ByteBuffer source) {
    int length = source.remaining();
    if (length > 0) {
      units.touch(offset, length);
      used(offset, length).put(indexInSlice(offset), source, source.position(), length);
      source.position(source.limit());
    }
  }

  @Override
  public void clear(long startOffset, long endOffset) {
    for (long at = startOffset; at < endOffset; at += ZEROS.length) {
      putData(at, ZEROS, 0, (int) Math.min(ZEROS.length, endOffset - at));
    }
  }

  @Override
  public long getLong(long offset) {
    return used(offset, Long.BYTES).getLong(indexInSlice(offset));
  }

  @Override
  public int getInt(long offset) {
    return used(offset, Integer.BYTES).getInt(indexInSlice(offset));
  }

  @Override
  public byte getByte(long offset) {
    return used(offset, 1).get(indexInSlice(offset));
  }

  /** Returns an input that the next call for the same slice reuses. */
  @Override
  public DataInput2.ByteBuffer getDataInput(long offset, int size) {
    pages.use(offset, size);
    lastSlice = (int) (offset >>> sliceShift);
    DataInput2.ByteBuffer input = inputs[lastSlice];
    input.pos = indexInSlice(offset);
    return input;
  }

  @Override
  public void getData(long offset, byte[] bytes, int position, int size) {
    used(offset, size).get(indexInSlice(offset), bytes, position, size);
  }

  @Override
  public long length() {
    return (long) slices.length << sliceShift;
  }

  /** Nothing to do: a checkpoint decides when content becomes durable. */
  @Override
  public void sync() {}

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      for (ByteBuffer mapped : slices) {
        file.unmap(mapped);
      }
      slices = new ByteBuffer[0];
      views = new ByteBuffer[0];
      inputs = new DataInput2.ByteBuffer[0];
    }
  }

  @Override
  public void truncate(long size) {
    throw new UnsupportedOperationException("compact rewrites the file instead");
  }

  @Override
  public int sliceSize() {
    return 1 << sliceShift;
  }

  @Override
  public boolean isSliced() {
    return true;
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public @Nullable File getFile() {
    return null;
  }

  @Override
  public boolean getFileLocked() {
    return false;
  }
}
