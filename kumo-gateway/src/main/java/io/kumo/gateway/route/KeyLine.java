package io.kumo.gateway.route;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.item.RawKey;
import io.kumo.core.protocol.desk.ItemPage;
import io.kumo.gateway.memcached.Line;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Base64;

/**
 * How memcached's crawler tells of an item: {@code key=KEY exp=N la=N cas=N fetch=no cls=1 size=N},
 * the key as addresses are written, the line ended by LF alone; or, for later versions, {@code mg
 * KEY}, with {@code b} behind a key in base64, as those are told that no line can have. It was
 * accessed last when it was written last, as far as anybody knows.
 */
final class KeyLine {
  private static final byte[] HEX = "0123456789ABCDEF".getBytes(US_ASCII);

  private final boolean meta;
  private final int prefixBytes;

  /**
   * @param meta whether the lines are meta gets
   * @param prefixBytes of each key that are not told
   */
  KeyLine(boolean meta, int prefixBytes) {
    this.meta = meta;
    this.prefixBytes = prefixBytes;
  }

  /** As its client names it. */
  byte[] clientKey(ItemPage.Entry item) {
    ByteBuf key = RawKey.userKey(item.rawKey());
    return ByteBufUtil.getBytes(
        key, key.readerIndex() + prefixBytes, key.readableBytes() - prefixBytes);
  }

  void write(ItemPage.Entry item, byte[] key, ByteBuf out) {
    if (meta) {
      writeMeta(item, key, out);
      return;
    }
    out.writeCharSequence("key=", US_ASCII);
    writeEncoded(key, out);
    String expiry = item.expiry() == 0 ? "-1" : Long.toString(item.expiry());
    out.writeCharSequence(
        " exp=%s la=%d cas=%s fetch=no cls=1 size=%d\n"
            .formatted(
                expiry,
                ClockTime.seconds(item.clockTime()),
                Long.toUnsignedString(item.cas()),
                item.bytes()),
        US_ASCII);
  }

  private static void writeMeta(ItemPage.Entry item, byte[] key, ByteBuf out) {
    out.writeCharSequence("mg ", US_ASCII);
    if (item.base64() || !Line.isToken(key, 0, key.length)) {
      out.writeBytes(Base64.getEncoder().encode(key)).writeCharSequence(" b", US_ASCII);
    } else {
      out.writeBytes(key);
    }
    out.writeCharSequence("\r\n", US_ASCII);
  }

  private static void writeEncoded(byte[] key, ByteBuf out) {
    for (byte one : key) {
      boolean plain =
          (one >= 'a' && one <= 'z')
              || (one >= 'A' && one <= 'Z')
              || (one >= '0' && one <= '9')
              || "-._~".indexOf(one) >= 0;
      if (plain) {
        out.writeByte(one);
      } else {
        out.writeByte('%').writeByte(HEX[(one >> 4) & 0xf]).writeByte(HEX[one & 0xf]);
      }
    }
  }
}
