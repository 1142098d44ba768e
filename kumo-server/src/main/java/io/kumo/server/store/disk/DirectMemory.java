package io.kumo.server.store.disk;

import com.google.errorprone.annotations.ThreadSafe;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.StoreMemory;
import io.netty.util.internal.PlatformDependent;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Memory outside the heap, of which a store may take so much; the rest of what the JVM allows is
 * the network's. Records kept aside take what the index leaves, and new keys leave them an eighth:
 * what a stop has left is opened with all of it. Both learn that there is no more before anything
 * has been changed.
 */
@ThreadSafe
public final class DirectMemory {
  /** Takes nothing. */
  public static final DirectMemory NONE = new DirectMemory(0);

  private static final int NETWORK_PART = 4;
  private static final int RECORDS_PART = 8;

  private final long maxBytes;
  private final AtomicLong indexBytes = new AtomicLong();
  private final AtomicLong recordBytes = new AtomicLong();
  private final AtomicLong notKeptAside = new AtomicLong();
  private volatile boolean opened;

  public DirectMemory(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** All records that were there are in the index. */
  public void opened() {
    opened = true;
  }

  /** What a store may take in this JVM. */
  public static long bytesForStore() {
    long all = PlatformDependent.maxDirectMemory();
    return all - all / NETWORK_PART;
  }

  /**
   * Memory for pages of an index.
   *
   * @throws StoreException MEMORY_FULL when the index has all that it may have
   */
  public ByteBuffer forIndex(int bytes) {
    long mostBytes = maxBytes - (opened ? maxBytes / RECORDS_PART : 0);
    if (indexBytes.addAndGet(bytes) > mostBytes) {
      indexBytes.addAndGet(-bytes);
      throw new StoreException(
          StoreException.Code.MEMORY_FULL,
          ("the index needs more than the %d MiB outside the heap that it may take, about 13 bytes"
                  + " a record: give the server more with KUMO_MEMORY or -XX:MaxDirectMemorySize")
              .formatted(mostBytes >> 20));
    }
    ByteBuffer memory = allocate(bytes);
    if (memory == null) {
      indexBytes.addAndGet(-bytes);
      throw new StoreException(
          StoreException.Code.BUSY, "no memory outside the heap is free; try again in a moment");
    }
    return memory;
  }

  /** Gives back what {@link #forIndex} gave. */
  public void freeIndex(ByteBuffer memory) {
    indexBytes.addAndGet(-memory.capacity());
    Unmapper.unmap(memory);
  }

  /** Memory for records kept aside, null when there is none. */
  public @Nullable ByteBuffer forRecords(int bytes) {
    ByteBuffer memory = recordBytes.addAndGet(bytes) <= leftByIndex() ? allocate(bytes) : null;
    if (memory == null) {
      recordBytes.addAndGet(-bytes);
    }
    return memory;
  }

  /** Gives back what {@link #forRecords} gave. */
  public void freeRecords(ByteBuffer memory) {
    recordBytes.addAndGet(-memory.capacity());
    Unmapper.unmap(memory);
  }

  /** A record goes straight to its page, as there was no memory to keep it aside. */
  public void notKeptAside() {
    notKeptAside.incrementAndGet();
  }

  public StoreMemory taken() {
    return new StoreMemory(
        maxBytes,
        indexBytes.get(),
        recordBytes.get(),
        notKeptAside.get(),
        ScarceMemory.ofProcess().isScarce());
  }

  /** What records kept aside may take. */
  public long leftByIndex() {
    return maxBytes - indexBytes.get();
  }

  /** Direct memory, or of the heap when the JVM has no more of that. */
  public static ByteBuffer allocateAnywhere(int bytes) {
    ByteBuffer memory = allocate(bytes);
    return memory == null ? ByteBuffer.allocate(bytes) : memory;
  }

  /** Gives back what {@link #allocateAnywhere} gave. */
  public static void freeAnywhere(ByteBuffer memory) {
    if (memory.isDirect()) {
      Unmapper.unmap(memory);
    }
  }

  private static @Nullable ByteBuffer allocate(int bytes) {
    try {
      return ByteBuffer.allocateDirect(bytes);
    } catch (OutOfMemoryError e) {
      return null; // The class library's own count says so, no allocation has failed.
    }
  }
}
