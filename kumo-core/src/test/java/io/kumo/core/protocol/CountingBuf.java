package io.kumo.core.protocol;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;

/** Counts how often somebody looks at a byte by its index. */
public final class CountingBuf extends UnpooledHeapByteBuf {
  public int looks;

  public CountingBuf(int capacity) {
    super(UnpooledByteBufAllocator.DEFAULT, capacity, Integer.MAX_VALUE);
  }

  @Override
  public short getUnsignedByte(int index) {
    looks++;
    return super.getUnsignedByte(index);
  }
}
