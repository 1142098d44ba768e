package io.kumo.core.protocol.page;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.AppliedRequest;
import io.kumo.core.protocol.Fence;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.RequestHistory;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.ring.KeyHash;
import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;

/** What the messages of the page are about: one key, one record, one cluster. */
final class SampleBytes {
  static final NodeAddress MANAGER = NodeAddress.of(new byte[] {10, 0, 0, 1}, 19700);
  static final NodeAddress SERVER = NodeAddress.of(new byte[] {10, 0, 0, 3}, 19800);
  static final NodeAddress STREAM = NodeAddress.of(new byte[] {10, 0, 0, 3}, 19900);

  /** 2026-11-20 00:00:01 UTC, and the counter 1. */
  static final long TIME = ClockTime.of(1_795_132_801L, 1);

  /** Of the write hash space. */
  static final long SPACE_TIME = ClockTime.of(1_795_132_800L, 7);

  static final Fence FENCE = new Fence(SPACE_TIME, SERVER);
  static final RequestId ID = new RequestId(0x11, 2);
  static final RequestHistory HISTORY =
      new RequestHistory(List.of(new AppliedRequest(ID, TIME)), true);
  static final PublishedSpaces VIEW = PublishedSpaces.EMPTY;

  private SampleBytes() {}

  /** The raw key of {@code key1}. */
  static ByteBuf key() {
    byte[] key = "key1".getBytes(US_ASCII);
    return Unpooled.buffer().writeLong(KeyHash.of(key)).writeBytes(key);
  }

  static ByteBuf data() {
    return Unpooled.copiedBuffer("v1", US_ASCII);
  }

  /** A raw value: ClockTime, meta of a kumo item, flags 5, no expiry, data. */
  static ByteBuf value() {
    ByteBuf value = Unpooled.buffer().writeLong(TIME).writeShort(1).writeInt(5).writeInt(0);
    return value.writeBytes(data());
  }
}
