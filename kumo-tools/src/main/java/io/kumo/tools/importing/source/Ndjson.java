package io.kumo.tools.importing.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.kumo.core.clock.ClockTime;
import io.kumo.core.item.Item;
import io.kumo.core.item.ItemLayout;
import io.kumo.core.item.RawKey;
import io.kumo.core.tokyo.RecordKind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes records as JSON, one a line: {@code key} and {@code value} as text, or {@code key64} and
 * {@code value64} in base64 where the bytes are not UTF-8; the ClockTime as {@code time} (unix
 * seconds) and {@code clock}; {@code flags} and {@code expiry} (unix seconds) where there are any;
 * {@code deleted} of a tombstone.
 */
public final class Ndjson implements RecordLines {
  private final Writer out;
  private final JsonGenerator json;
  private final ItemLayout layout;
  private final boolean times;
  private long tooShort;

  /**
   * Borrows a writer, which {@link #finish} flushes.
   *
   * @param layout of the payloads that original gateways wrote
   */
  public Ndjson(Writer out, ItemLayout layout) throws IOException {
    this(out, layout, true);
  }

  /**
   * The same, perhaps without ClockTimes.
   *
   * @param times whether they are written
   */
  public Ndjson(Writer out, ItemLayout layout, boolean times) throws IOException {
    this.times = times;
    this.out = out;
    this.layout = layout;
    this.json = new JsonFactory().createGenerator(out);
    json.setRootValueSeparator(null);
    json.disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
    json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
  }

  /** Records that were left out, because a server takes them for none. */
  public long tooShort() {
    return tooShort;
  }

  @Override
  public void write(RecordKind kind, byte[] key, byte[] value) throws IOException {
    if (kind == RecordKind.SHORT) {
      tooShort++;
      return;
    }
    ByteBuf raw = Unpooled.wrappedBuffer(value);
    long clockTime = Item.clockTime(raw);
    json.writeStartObject();
    writeBytes("key", key, RawKey.HASH_BYTES);
    if (times) {
      json.writeNumberField("time", ClockTime.seconds(clockTime));
      json.writeNumberField("clock", Integer.toUnsignedLong(ClockTime.counter(clockTime)));
    }
    if (kind == RecordKind.TOMBSTONE) {
      json.writeBooleanField("deleted", true);
    } else {
      writeNonZero("flags", Integer.toUnsignedLong(Item.flags(raw, layout)));
      writeNonZero("expiry", Item.expiry(raw, layout));
      writeBytes("value", value, Item.dataOffset(raw, layout));
    }
    json.writeEndObject();
    json.writeRaw('\n');
  }

  private void writeNonZero(String name, long number) throws IOException {
    if (number != 0) {
      json.writeNumberField(name, number);
    }
  }

  private void writeBytes(String name, byte[] bytes, int from) throws IOException {
    String text = text(bytes, from);
    if (text != null) {
      json.writeStringField(name, text);
    } else {
      json.writeFieldName(name + "64");
      json.writeBinary(bytes, from, bytes.length - from);
    }
  }

  /** Null if it is not UTF-8. */
  private static @Nullable String text(byte[] bytes, int from) {
    String text = new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
    byte[] back = text.getBytes(StandardCharsets.UTF_8);
    return Arrays.equals(back, 0, back.length, bytes, from, bytes.length) ? text : null;
  }

  @Override
  public void finish() throws IOException {
    json.flush();
    out.flush();
  }
}
