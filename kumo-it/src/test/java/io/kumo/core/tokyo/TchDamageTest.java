package io.kumo.core.tokyo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files with flipped bits and cut ends are refused or read right; Tokyo Cabinet has no checksum of
 * values, so a bit in one cannot be told. {@code -Dkumo.test.scale=20} makes 10 000 files.
 */
class TchDamageTest {
  private static final int FILES = 500 * Integer.getInteger("kumo.test.scale", 1);

  @TempDir Path folder;

  /** Of a file whose records are known: which bytes are in values, behind their marks or before. */
  private static final class Sample {
    private final byte[] bytes;
    private final List<String> lines;
    private final Set<String> everStored;
    private final boolean[] opaque;

    Sample(byte[] bytes, List<String> lines, Set<String> everStored, boolean[] opaque) {
      this.bytes = bytes;
      this.lines = lines;
      this.everStored = everStored;
      this.opaque = opaque;
    }
  }

  private static final class Stored {
    private final byte[] key;
    private final byte[] value;

    Stored(byte[] key, byte[] value) {
      this.key = key;
      this.value = value;
    }
  }

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void damagedFilesAreRefusedOrReadRight() throws IOException {
    Path path = folder.resolve("damaged.tch");
    int refused = 0;
    int right = 0;
    for (int seed = 0; seed < FILES; seed++) {
      Random random = new Random(seed);
      Sample sample = sample(random);
      byte[] damaged = sample.bytes.clone();
      boolean[] flipped = new boolean[damaged.length];
      for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
        int at = random.nextInt(random.nextBoolean() ? damaged.length : 300);
        damaged[at] ^= (byte) (1 << random.nextInt(8));
        flipped[at] = true;
      }
      if (random.nextInt(4) == 0) {
        damaged = Arrays.copyOf(damaged, random.nextInt(damaged.length));
      }
      Files.write(path, damaged);
      List<String> lines = new ArrayList<>();
      try (OriginalStore store = OriginalStore.open(path, false)) {
        store.read((kind, key, value) -> lines.add(Tch.line(key, value)));
        right++;
        assertRight(seed, sample, flipped, lines);
      } catch (TchException e) {
        refused++;
      }
      salvage(seed, path, sample, flipped);
    }
    assertThat(refused).isGreaterThan(FILES / 2);
    assertThat(right).isPositive();
  }

  private static void assertRight(int seed, Sample sample, boolean[] flipped, List<String> lines) {
    if (hitsValue(sample, flipped)) {
      assertThat(keys(lines)).as("seed %d", seed).isEqualTo(keys(sample.lines));
    } else {
      assertThat(lines).as("seed %d", seed).isEqualTo(sample.lines);
    }
  }

  private static void salvage(int seed, Path path, Sample sample, boolean[] flipped)
      throws IOException {
    Set<String> lines = new HashSet<>();
    try (OriginalStore store = OriginalStore.open(path, true)) {
      store.read((kind, key, value) -> lines.add(Tch.line(key, value)));
    } catch (TchException e) {
      assertThat(lines).as("seed %d: %s", seed, e.getMessage()).isEmpty();
      return;
    }
    Set<String> known = new HashSet<>(keys(new ArrayList<>(sample.everStored)));
    assertThat(known).as("seed %d", seed).containsAll(keys(new ArrayList<>(lines)));
    if (!hitsValue(sample, flipped)) {
      lines.removeAll(sample.everStored);
      assertThat(lines).as("seed %d", seed).isEmpty();
    }
  }

  private static boolean hitsValue(Sample sample, boolean[] flipped) {
    for (int i = 0; i < flipped.length; i++) {
      if (flipped[i] && sample.opaque[i]) {
        return true;
      }
    }
    return false;
  }

  private static List<String> keys(List<String> lines) {
    return lines.stream().map(line -> line.split("\t", -1)[0]).toList();
  }

  private Sample sample(Random random) throws IOException {
    Path path = folder.resolve("sample.tch");
    ByteOrder order = random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    TchLayout layout =
        new TchLayout(order, random.nextBoolean(), random.nextInt(6), 4, 1 + random.nextInt(50));
    Set<String> everStored = new HashSet<>();
    try (TchWriter writer = TchWriter.create(path, layout)) {
      for (int i = random.nextInt(150); i >= 0; i--) {
        byte[] key = Tch.key("key" + random.nextInt(80));
        byte[] value =
            random.nextInt(8) == 0
                ? Tch.tombstone(random.nextLong())
                : Tch.value(random.nextLong(), "v".repeat(random.nextInt(100)));
        everStored.add(Tch.line(key, value));
        writer.put(key, value);
      }
      writer.finish();
    }
    byte[] bytes = Files.readAllBytes(path);
    List<Stored> records = new ArrayList<>();
    try (TchFile file = TchFile.open(path)) {
      file.read((key, value) -> records.add(new Stored(key, value)));
    }
    List<String> lines = records.stream().map(r -> Tch.line(r.key, r.value)).toList();
    return new Sample(bytes, lines, everStored, opaque(bytes, records));
  }

  /** Bytes of values: their ClockTime and their data. */
  private static boolean[] opaque(byte[] bytes, List<Stored> records) {
    boolean[] opaque = new boolean[bytes.length];
    int from = TchLayout.HEADER_BYTES;
    for (Stored record : records) {
      int at = indexOf(bytes, record, from) + record.key.length;
      Arrays.fill(opaque, at, at + record.value.length, true);
      from = at;
    }
    return opaque;
  }

  private static int indexOf(byte[] bytes, Stored record, int from) {
    int length = record.key.length;
    for (int at = from; ; at++) {
      if (Arrays.equals(bytes, at, at + length, record.key, 0, length)
          && Arrays.equals(
              bytes,
              at + length,
              at + length + record.value.length,
              record.value,
              0,
              record.value.length)) {
        return at;
      }
    }
  }
}
