package io.kumo.tools.importing.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.item.Item;
import io.kumo.core.item.ItemLayout;
import io.kumo.core.item.RawKey;
import io.kumo.core.testing.Tries;
import io.kumo.core.tokyo.RecordKind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TsvTest {
  private static final long TIME = ClockTime.of(1_795_132_800L, 7);

  @TempDir Path directory;

  @Test
  void aLineIsAsTheManualSays() throws IOException {
    byte[] value = {'a', '\t', '\n', '\r', '\\', 0, 0x7f, (byte) 0xff};
    List<String> lines = written(true, "gr\u00fcn".getBytes(UTF_8), value).lines().toList();
    assertThat(lines)
        .containsExactly(
            "key\tflags\texpiry\ttime\tclock\tvalue",
            "gr\u00fcn\t5\t9\t1795132800\t7\ta\\t\\n\\r\\\\\\x00\\x7f\\xff");
    assertThat(written(false, "k".getBytes(UTF_8), "v".getBytes(UTF_8)))
        .isEqualTo("key\tflags\texpiry\tvalue\nk\t5\t9\tv\n");
  }

  @Test
  void whateverIsWrittenIsReadAgain() {
    Tries.of(
        Tries.MANY,
        draw -> {
          byte[] key = draw.bytes(100);
          byte[] value = draw.bytes(2000);
          List<ImportRecord> read = read(written(true, key, value));
          assertThat(read).hasSize(1);
          assertThat(read.get(0).key()).isEqualTo(key);
          assertThat(read.get(0).value()).isEqualTo(value);
          assertThat(read.get(0).flags()).isEqualTo(5);
          assertThat(read.get(0).expiry()).isEqualTo(9);
          assertThat(read.get(0).version()).isEqualTo(TIME);
        });
  }

  @Test
  void columnsMayBeLeftOutAndStandInAnyOrder() throws IOException {
    List<ImportRecord> read = read("value\tkey\nv1\tk1\n\tk2");
    assertThat(read)
        .extracting(record -> new String(record.key(), UTF_8))
        .containsExactly("k1", "k2");
    assertThat(read.get(1).value()).isEmpty();
    assertThat(read.get(1).version()).isGreaterThan(read.get(0).version());
  }

  @Test
  void whatIsWrongIsSaidWithItsLine() {
    assertWrong("", "an empty file");
    assertWrong("key\tcolour\n", "line 1: no column is called 'colour'");
    assertWrong("key\tkey\n", "line 1: the column key twice");
    assertWrong("key\n", "line 1: the columns key and value are needed");
    assertWrong("key\tvalue\nk\n", "line 2: 1 fields for 2");
    assertWrong("key\tvalue\nk\tv\tw\n", "line 2: more than 2 fields");
    assertWrong("key\tvalue\nk\tv\nk\t\\q\n", "line 3: a backslash is followed by");
    assertWrong("key\tvalue\nk\t\\x4\n", "line 2: \\x is followed by two hexadecimal digits");
    assertWrong("key\tflags\tvalue\nk\t-1\tv\n", "line 2: flags is to be a number");
  }

  private void assertWrong(String text, String why) {
    assertThatThrownBy(() -> read(text)).isInstanceOf(IOException.class).hasMessageContaining(why);
  }

  private static String written(boolean times, byte[] key, byte[] value) throws IOException {
    UnpooledByteBufAllocator heap = UnpooledByteBufAllocator.DEFAULT;
    ByteBuf rawKey = RawKey.encode(heap, Unpooled.wrappedBuffer(key));
    ByteBuf rawValue = Item.encode(heap, TIME, 5, 9, Unpooled.wrappedBuffer(value));
    StringWriter out = new StringWriter();
    Tsv tsv = new Tsv(out, ItemLayout.KUMO, times);
    tsv.write(RecordKind.VALUE, ByteBufUtil.getBytes(rawKey), ByteBufUtil.getBytes(rawValue));
    tsv.finish();
    rawKey.release();
    rawValue.release();
    return out.toString();
  }

  private List<ImportRecord> read(String text) throws IOException {
    Path file = Files.writeString(directory.resolve("records.tsv"), text);
    return ReadRecords.of(LineForm.of(null, file).open(file, Versions.asOf(1_800_000_000L)));
  }
}
