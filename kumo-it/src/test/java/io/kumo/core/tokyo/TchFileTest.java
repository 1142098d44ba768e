package io.kumo.core.tokyo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads files of original servers and of Debian's tool, and refuses what it must not read. */
class TchFileTest {
  private static final int FLAGS_OFFSET = 33;
  private static final int OPTIONS_OFFSET = 36;

  /** Each is a process that opens the file, closes and syncs it. */
  private static final int REMOVED = 5;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "small.tch, small.hex.txt",
    "small-backup.tch, small.hex.txt",
    "merged.tch, merged.hex.txt"
  })
  void givesExactlyTheRecordsOfTheDump(String file, String dump) throws IOException {
    assertThat(Tch.dump(Tch.golden(folder, file))).isEqualTo(Tch.goldenDump(dump));
  }

  @ParameterizedTest
  @ValueSource(strings = {"small.tch", "small-backup.tch", "merged.tch", "srv1.tch"})
  void salvagesASoundFileWithoutFindingFault(String name) throws IOException {
    Path path = Tch.golden(folder, name);
    List<String> lines = new ArrayList<>();
    try (TchFile file = TchFile.open(path)) {
      TchContents contents = file.salvage((key, value) -> lines.add(Tch.line(key, value)));
      assertThat(contents.firstDamage()).isNull();
    }
    assertThat(lines).isEqualTo(Tch.dump(path)).isNotEmpty();
  }

  @Test
  void readsAsTchmgrListsALargerFile() throws Exception {
    Path path = Tch.golden(folder, "srv1.tch");
    assertThat(Tch.dump(path)).isEqualTo(Tch.tchmgr("list", "-pv", "-px", path.toString()));
  }

  /** Few buckets for deep trees, all kinds of files, records that are replaced and removed. */
  @ParameterizedTest
  @CsvSource({"'', 131071", "'', 1000", "-tl, 1000", "-td, 1000", "-tl -td, 131071", "'', 1"})
  void readsWhatDebiansToolWrites(String options, int buckets) throws Exception {
    Path file = folder.resolve("many.tch");
    int records = buckets == 1 ? 2_000 : 100_000;
    Path first = tsv("first", records, "value");
    Path second = tsv("second", records / 10, "another value, which is longer and finds no room");
    List<String> create = new ArrayList<>(List.of("create"));
    Arrays.stream(options.split(" ")).filter(option -> !option.isEmpty()).forEach(create::add);
    create.addAll(List.of(file.toString(), Integer.toString(buckets)));
    Tch.tchmgr(create.toArray(new String[0]));
    Tch.tchmgr("importtsv", file.toString(), first.toString());
    Tch.tchmgr("importtsv", file.toString(), second.toString());
    for (int i = 0; i < REMOVED; i++) {
      Tch.tchmgr("out", file.toString(), "key" + i * 37);
    }
    List<String> lines = new ArrayList<>();
    try (TchFile tch = TchFile.open(file)) {
      TchContents contents = tch.read((key, value) -> lines.add(text(key) + "\t" + text(value)));
      assertThat(contents.freeBlocks()).isPositive();
    }
    assertThat(lines).hasSize(records - REMOVED);
    assertThat(lines.equals(Tch.tchmgr("list", "-pv", file.toString()))).isTrue();
  }

  /** One by Debian's tool, and one in Tokyo Cabinet's own order. */
  @Tag("slow")
  @Test
  void readsAMillionRecordsOfEitherByteOrder() throws Exception {
    int records = 1_000_000;
    Path tsv = folder.resolve("million.tsv");
    try (BufferedWriter out = Files.newBufferedWriter(tsv)) {
      for (int i = 0; i < records; i++) {
        out.append("key" + i + "\t" + hundredBytes(i) + "\n");
      }
    }
    Path debian = folder.resolve("debian.tch");
    Tch.tchmgr("create", debian.toString(), "2000000");
    Tch.tchmgr("importtsv", debian.toString(), tsv.toString());
    ByteOrder debians = assertHasAll(debian, records);
    assertThat(debians).isEqualTo(ByteOrder.BIG_ENDIAN);
    Path original = folder.resolve("original.tch");
    TchLayout layout = new TchLayout(ByteOrder.LITTLE_ENDIAN, false, 4, 10, 2_000_003);
    try (TchWriter writer = TchWriter.create(original, layout)) {
      for (int i = 0; i < records; i++) {
        byte[] key = ("key" + i).getBytes(StandardCharsets.ISO_8859_1);
        writer.put(key, hundredBytes(i).getBytes(StandardCharsets.ISO_8859_1));
      }
      writer.finish();
    }
    assertThat(assertHasAll(original, records)).isEqualTo(ByteOrder.LITTLE_ENDIAN);
  }

  private static String hundredBytes(int number) {
    return (number + " ").repeat(50).substring(0, 100);
  }

  /** Each record once; returns the order of the file. */
  private static ByteOrder assertHasAll(Path file, int records) throws IOException {
    BitSet seen = new BitSet();
    try (TchFile tch = TchFile.open(file)) {
      tch.read(
          (key, value) -> {
            int number = Integer.parseInt(text(key).substring("key".length()));
            assertThat(text(value)).isEqualTo(hundredBytes(number));
            assertThat(seen.get(number)).isFalse();
            seen.set(number);
          });
      assertThat(seen.cardinality()).isEqualTo(records);
      return tch.header().layout().order();
    }
  }

  private Path tsv(String name, int records, String value) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < records; i++) {
      text.append("key").append(i).append('\t').append(value);
      text.append(i * 31).append("x".repeat(i % 200)).append('\n');
    }
    return Files.writeString(folder.resolve(name), text);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** Tokyo Cabinet's own order, and the one that Debian's package is built for. */
  @Test
  void readsBothByteOrders() throws IOException {
    for (boolean large : new boolean[] {false, true}) {
      List<List<String>> dumps = new ArrayList<>();
      for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
        Path file = folder.resolve("order.tch");
        try (TchWriter writer = TchWriter.create(file, new TchLayout(order, large, 4, 10, 31))) {
          for (int i = 0; i < 1000; i++) {
            writer.put(Tch.key("key" + i), Tch.value(i, "v".repeat(i)));
          }
          writer.finish();
        }
        try (TchFile tch = TchFile.open(file)) {
          assertThat(tch.header().layout().order()).isEqualTo(order);
        }
        dumps.add(Tch.dump(file));
      }
      assertThat(dumps.get(0)).hasSize(1000).isEqualTo(dumps.get(1));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "36, 4, compressed with bzip2",
    "36, 8, compressed with tcbs",
    "36, 16, compressed with a program's own codec",
    "36, 32, options that Tokyo Cabinet 1.4 does not have",
    "32, 1, a Tokyo Cabinet B+ tree database",
    "32, 3, a Tokyo Cabinet table database",
    "0, 32, not a Tokyo Cabinet file",
    "35, 11, its header is damaged",
    "40, 1, its header is damaged",
    "36, 1, its header is damaged"
  })
  void refusesByName(int offset, int value, String why) throws IOException {
    Path file = patched(offset, value);
    assertThatThrownBy(() -> TchFile.open(file))
        .isInstanceOf(TchException.class)
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @CsvSource({
    "33, 1, not closed cleanly",
    "33, 2, marked it as broken",
    "33, 64, unknown flags",
    "36, 2, a compressed value",
    "34, 0, the records cannot begin",
    "55, 11, it holds 10 records"
  })
  void saysWhatIsWrongWithIt(int offset, int value, String why) throws IOException {
    Path path = patched(offset, value);
    assertThatThrownBy(() -> Tch.dump(path)).hasMessageContaining(why);
  }

  private Path patched(int offset, int value) throws IOException {
    Path file = Tch.golden(folder, "small.tch");
    byte[] bytes = Files.readAllBytes(file);
    bytes[offset] = (byte) value;
    return Files.write(file, bytes);
  }

  @Test
  void salvagesWhatWasNotClosed() throws IOException {
    Path path = patched(FLAGS_OFFSET, TchHeader.OPEN);
    List<String> lines = new ArrayList<>();
    try (TchFile file = TchFile.open(path)) {
      file.salvage((key, value) -> lines.add(Tch.line(key, value)));
    }
    assertThat(lines).isEqualTo(Tch.goldenDump("small.hex.txt"));
    assertThat(Files.readAllBytes(path)[OPTIONS_OFFSET]).isZero();
  }

  @Test
  void salvagesAllButTheRecordThatIsOverwritten() throws IOException {
    Path path = Tch.golden(folder, "srv1.tch");
    List<String> all = Tch.dump(path);
    byte[] bytes = Files.readAllBytes(path);
    int third = (int) TchLayout.ofDebian(false, 131071).firstBlock();
    Arrays.fill(bytes, third, third + 16, (byte) 0xff);
    Files.write(path, bytes);
    List<String> lines = new ArrayList<>();
    try (TchFile file = TchFile.open(path)) {
      assertThatThrownBy(() -> file.read((key, value) -> {}))
          .hasMessageContaining("neither a record nor a free block");
      assertThat(file.salvage((key, value) -> lines.add(Tch.line(key, value))).damagedPlaces())
          .isEqualTo(1);
    }
    assertThat(lines).isEqualTo(all.subList(1, all.size()));
  }

  @Test
  void refusesAnUnfinishedTransaction() throws IOException {
    Path path = Tch.golden(folder, "small.tch");
    Files.writeString(folder.resolve("small.tch.wal"), "log");
    assertThatThrownBy(() -> Tch.dump(path)).hasMessageContaining("unfinished transaction");
  }
}
