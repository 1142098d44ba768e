package io.kumo.tools.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kumo.core.testing.Draw;
import io.kumo.core.testing.Tries;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bytes of images. */
class ImageTest {
  private static final ImageHeader FULL = new ImageHeader(7, 100, 0, 0, 3, 55, 1000);
  private static final ImageHeader NEXT = new ImageHeader(8, 200, 90, 7, 3, 55, 2000);

  private static byte[] image(ImageHeader header, List<String> values) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ImageWriter writer = new ImageWriter(out, header)) {
      for (String value : values) {
        writer.record(
            Unpooled.copiedBuffer("hash....key", UTF_8), Unpooled.copiedBuffer(value, UTF_8));
      }
      writer.finish();
      assertThat(writer.records()).isEqualTo(values.size());
    }
    return out.toByteArray();
  }

  private static List<String> read(byte[] bytes) throws IOException {
    List<String> found = new ArrayList<>();
    try (ImageReader reader = new ImageReader(new ByteArrayInputStream(bytes), "it")) {
      for (ImageHeader header = reader.next(); header != null; header = reader.next()) {
        found.add(header.toString());
        reader.read((rawKey, rawValue) -> found.add(rawValue.toString(UTF_8)));
      }
    }
    return found;
  }

  private static List<String> values(Draw draw) {
    return draw.list(6, () -> "time....".repeat(draw.between(1, 400)));
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  @Test
  void whatIsWrittenIsReadOneImageBehindTheOther() {
    Tries.of(
        100,
        draw -> {
          List<String> first = values(draw);
          List<String> second = values(draw);
          List<String> expected = new ArrayList<>(List.of(FULL.toString()));
          expected.addAll(first);
          expected.add(NEXT.toString());
          expected.addAll(second);
          assertThat(read(join(image(FULL, first), image(NEXT, second)))).isEqualTo(expected);
        });
  }

  @Test
  void recordsLargerThanABlockAndManyBlocksComeBack() throws IOException {
    List<String> values = new ArrayList<>();
    values.add("x".repeat(3 << 20));
    for (int i = 0; i < 3000; i++) {
      values.add("time...." + "y".repeat(1000) + i);
    }
    assertThat(read(image(FULL, values)).subList(1, 3002)).isEqualTo(values);
  }

  @Test
  void whateverIsChangedOrCutIsNoticedAndNothingOfItsBlockIsGiven() {
    Tries.of(
        Tries.MANY,
        draw -> {
          List<String> values = values(draw);
          byte[] bytes = image(FULL, values);
          byte[] damaged =
              draw.yes()
                  ? Arrays.copyOf(bytes, draw.between(1, bytes.length - 1))
                  : flipped(bytes, draw.between(0, bytes.length - 1), draw.between(0, 7));
          assertThatThrownBy(() -> read(damaged))
              .isInstanceOf(DamagedImageException.class)
              .hasMessageContaining("it");
        });
  }

  private static byte[] flipped(byte[] bytes, int at, int bit) {
    byte[] changed = bytes.clone();
    changed[at] ^= (byte) (1 << bit);
    return changed;
  }

  @Test
  void blocksOfAnotherImageAreNotTaken() throws IOException {
    byte[] whole = image(FULL, List.of("time....1"));
    byte[] other = image(NEXT, List.of("time....2"));
    byte[] mixed = whole.clone();
    System.arraycopy(other, ImageHeader.BYTES, mixed, ImageHeader.BYTES, 50);
    assertThatThrownBy(() -> read(mixed)).hasMessageContaining("of another image");
  }
}
