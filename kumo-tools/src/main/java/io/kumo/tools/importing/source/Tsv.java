package io.kumo.tools.importing.source;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.item.Item;
import io.kumo.core.item.ItemLayout;
import io.kumo.core.item.RawKey;
import io.kumo.core.tokyo.RecordKind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.Writer;

/**
 * Writes records as fields with tabs between them, one record a line; the first line names the
 * fields: {@code key}, {@code flags}, {@code expiry} (unix seconds, 0 for never), the ClockTime as
 * {@code time} (unix seconds) and {@code clock}, and {@code value}. Keys and values are written as
 * {@link TsvField} says. Tombstones are left out.
 */
public final class Tsv implements RecordLines {
  private final Writer out;
  private final ItemLayout layout;
  private final boolean times;
  private boolean headed;

  /**
   * Borrows a writer, which {@link #finish} flushes.
   *
   * @param times whether ClockTimes are written
   */
  public Tsv(Writer out, ItemLayout layout, boolean times) {
    this.out = out;
    this.layout = layout;
    this.times = times;
  }

  @Override
  public void write(RecordKind kind, byte[] key, byte[] value) throws IOException {
    head();
    if (kind == RecordKind.SHORT || kind == RecordKind.TOMBSTONE) {
      return;
    }
    ByteBuf raw = Unpooled.wrappedBuffer(value);
    TsvField.write(key, RawKey.HASH_BYTES, out);
    number(Integer.toUnsignedLong(Item.flags(raw, layout)));
    number(Item.expiry(raw, layout));
    if (times) {
      long clockTime = Item.clockTime(raw);
      number(ClockTime.seconds(clockTime));
      number(Integer.toUnsignedLong(ClockTime.counter(clockTime)));
    }
    out.write('\t');
    TsvField.write(value, Item.dataOffset(raw, layout), out);
    out.write('\n');
  }

  private void number(long number) throws IOException {
    out.write('\t');
    out.write(Long.toString(number));
  }

  private void head() throws IOException {
    if (headed) {
      return;
    }
    headed = true;
    for (TsvColumn column : TsvColumn.values()) {
      if (times || (column != TsvColumn.TIME && column != TsvColumn.CLOCK)) {
        out.write(column == TsvColumn.KEY ? "" : "\t");
        out.write(column.word());
      }
    }
    out.write('\n');
  }

  @Override
  public void finish() throws IOException {
    head();
    out.flush();
  }
}
