package io.kumo.server.write.change;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;

/** Makes buffers of heap memory that nobody has to release, and keeps no count of them. */
final class HeapRecords extends AbstractByteBufAllocator {
  /** Of all threads. */
  static final HeapRecords RECORDS = new HeapRecords();

  private HeapRecords() {
    super(false);
  }

  @Override
  protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
    return new UnpooledHeapByteBuf(this, initialCapacity, maxCapacity);
  }

  /** Who asks for memory outside the heap is given memory that is collected as well. */
  @Override
  protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
    return newHeapBuffer(initialCapacity, maxCapacity);
  }

  @Override
  public boolean isDirectBufferPooled() {
    return false;
  }
}
