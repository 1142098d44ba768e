package io.kumo.core.item;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.ring.KeyHash;
import io.kumo.core.testing.Tries;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ItemTest {
  private static final UnpooledByteBufAllocator ALLOCATOR = new UnpooledByteBufAllocator(false);

  @Test
  void aKumoItemHasItsBytesInTheirPlaces() {
    ByteBuf item = Item.encode(ALLOCATOR, 0x0102030405060708L, 0xa, 0xb, ascii("hi"));
    assertThat(ByteBufUtil.hexDump(item))
        .isEqualTo("0102030405060708" + "0001" + "0000000a" + "0000000b" + "6869");
    assertThat(Item.cas(item)).isEqualTo(0x0102030405060708L);
  }

  @Test
  void aCasOfItsOwnStandsBehindTheExpiry() {
    ItemHead head = new ItemHead(1, 2, Item.STALE | Item.WIN_GIVEN, 3);
    ByteBuf item = head.encode(ALLOCATOR, 9, ItemLayout.KUMO, ascii("hi"));
    assertThat(ByteBufUtil.hexDump(item))
        .isEqualTo(
            "0000000000000009" + "000f" + "00000001" + "00000002" + "0000000000000003" + "6869");
    assertThat(ItemHead.of(item, ItemLayout.KUMO)).isEqualTo(head);
  }

  @Test
  void aRecordOfTheOriginalHasNothingButData() {
    ByteBuf record = Unpooled.buffer().writeLong(7).writeShort(0).writeBytes(ascii("hello"));
    assertThat(Item.isItem(record)).isFalse();
    assertThat(Item.data(record, ItemLayout.KUMO)).isEqualTo(ascii("hello"));
    assertThat(Item.flags(record)).isZero();
    assertThat(Item.isLive(record, ItemLayout.KUMO, 0, 6)).isTrue();
    assertThat(Item.isLive(record, ItemLayout.KUMO, 0, 7)).isFalse();
  }

  @Test
  void aTombstoneIsNotLive() {
    ByteBuf tombstone = Item.tombstone(ALLOCATOR, 7);
    assertThat(Item.isTombstone(tombstone)).isTrue();
    assertThat(Item.clockTime(tombstone)).isEqualTo(7);
    assertThat(Item.isLive(tombstone, ItemLayout.KUMO, 0, 0)).isFalse();
  }

  @Test
  void anyBytesCanBeAsked() {
    Tries.of(Tries.MANY, draw -> anyBytesCanBeAsked(draw.bytes(40), draw.yes()));
  }

  private static void anyBytesCanBeAsked(byte[] bytes, boolean prefix) {
    ByteBuf value = Unpooled.wrappedBuffer(bytes);
    ItemLayout layout = new ItemLayout(false, prefix, prefix);
    assertThat(Item.dataOffset(value, layout)).isBetween(0, bytes.length);
    assertThat(Item.data(value, layout).readableBytes()).isLessThanOrEqualTo(bytes.length);
    assertThat(Item.isItem(value) && Item.isTombstone(value)).isFalse();
    assertThat(ItemHead.of(value, layout).cas()).isEqualTo(Item.cas(value));
    Item.isLive(value, layout, 1000, 1);
  }

  @Test
  void aRawKeyStartsWithTheHashBigEndian() {
    ByteBuf rawKey = RawKey.encode(ALLOCATOR, ascii("key1"));
    assertThat(ByteBufUtil.hexDump(rawKey)).isEqualTo("1c994bda6cab7310" + "6b657931");
    assertThat(RawKey.hash(rawKey)).isEqualTo(KeyHash.of("key1".getBytes(StandardCharsets.UTF_8)));
    assertThat(RawKey.userKey(rawKey)).isEqualTo(ascii("key1"));
  }

  @Test
  void aKeyHashesTheSameWhereverItLies() {
    ByteBuf heap = ascii("xxkey1").readerIndex(2);
    ByteBuf direct = Unpooled.directBuffer().writeBytes(heap.duplicate());
    try {
      assertThat(RawKey.hashOf(direct)).isEqualTo(RawKey.hashOf(heap));
    } finally {
      direct.release();
    }
    ByteBuf longKey = Unpooled.directBuffer().writeZero(70_000);
    try {
      assertThat(RawKey.hashOf(longKey)).isEqualTo(KeyHash.of(new byte[70_000]));
    } finally {
      longKey.release();
    }
  }

  private static ByteBuf ascii(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
  }
}
