package io.kumo.core.tokyo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Writes files that we and Tokyo Cabinet read. */
class TchWriterTest {

  @TempDir Path folder;

  /** Overwrites with shorter, longer and much longer values, through trees of every depth. */
  @ParameterizedTest
  @CsvSource({"false, 131071, 4", "false, 7, 4", "true, 101, 4", "false, 1, 0", "true, 50, 9"})
  void tchmgrListsWhatWasPut(boolean large, int buckets, int alignmentPower) throws Exception {
    Path file = folder.resolve("written.tch");
    Map<String, String> expected =
        write(file, new TchLayout(ByteOrder.BIG_ENDIAN, large, alignmentPower, 10, buckets));
    List<String> lines = Tch.dump(file);
    assertThat(lines).hasSameSizeAs(expected.keySet());
    for (String line : lines) {
      String[] parts = line.split("\t", -1);
      assertThat(parts[1]).isEqualTo(expected.get(parts[0]));
    }
    assertThat(Tch.tchmgr("list", "-pv", "-px", file.toString())).isEqualTo(lines);
    for (String line : lines.subList(0, 20)) {
      String[] parts = line.split("\t", -1);
      assertThat(Tch.tchmgr("get", "-sx", "-px", file.toString(), parts[0].replace(" ", "")))
          .containsExactly(parts[1]);
    }
    assertThat(Tch.tchmgr("inform", file.toString()))
        .contains("record number: " + expected.size(), "additional flags:");
  }

  private static Map<String, String> write(Path file, TchLayout layout) throws IOException {
    Random random = new Random(layout.buckets());
    Map<String, String> expected = new HashMap<>();
    try (TchWriter writer = TchWriter.create(file, layout)) {
      for (int i = 0; i < 5_000; i++) {
        byte[] key = Tch.key("key" + random.nextInt(1_000));
        int length = random.nextInt(500) == 0 ? 200_000 : random.nextInt(300);
        byte[] value = Tch.value(i, "v".repeat(length));
        writer.put(key, value);
        assertThat(writer.get(key)).isEqualTo(value);
        String[] parts = Tch.line(key, value).split("\t", -1);
        expected.put(parts[0], parts[1]);
      }
      writer.finish();
      assertThat(writer.records()).isEqualTo(expected.size());
    }
    return expected;
  }

  /** Tokyo Cabinet can go on with the file: it finds every key and adds more. */
  @Test
  void tchmgrAddsToIt() throws Exception {
    Path file = folder.resolve("written.tch");
    write(file, TchLayout.ofDebian(false, 31));
    int records = Tch.dump(file).size();
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      Tch.tchmgr("put", file.toString(), "added" + i, "v".repeat(i * 50));
      keys.add("added" + i);
    }
    assertThat(Tch.dump(file)).hasSize(records + keys.size());
  }

  @Test
  void isNotTakenForWholeBeforeItIsFinished() throws IOException {
    Path file = folder.resolve("half.tch");
    try (TchWriter writer = TchWriter.create(file, 10, 100)) {
      writer.put(Tch.key("a"), Tch.value(1, "b"));
    }
    assertThatThrownBy(() -> Tch.dump(file)).hasMessageContaining("not closed cleanly");
  }

  @Test
  void numbersOfVariableWidthComeBack() {
    ByteBuffer buffer = ByteBuffer.allocate(VarNumber.MAX_BYTES);
    for (long number = 0; number <= Integer.MAX_VALUE; number = number * 5 / 4 + 1) {
      buffer.clear();
      VarNumber.write(buffer, (int) number);
      assertThat(buffer.position()).isEqualTo(VarNumber.bytes((int) number));
      assertThat(VarNumber.read(buffer.flip())).isEqualTo((int) number);
    }
    assertThat(VarNumber.read(ByteBuffer.wrap(new byte[] {-1, 0}))).isEqualTo(-1);
    assertThat(VarNumber.read(ByteBuffer.wrap(new byte[] {-1}))).isEqualTo(-1);
  }
}
