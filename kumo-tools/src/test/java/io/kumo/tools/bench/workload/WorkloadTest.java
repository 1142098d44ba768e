package io.kumo.tools.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kumo.core.testing.Draw;
import io.kumo.core.testing.Tries;
import io.kumo.tools.bench.codec.BenchOperation;
import io.kumo.tools.bench.codec.KeySpace;
import io.kumo.tools.bench.codec.Values;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class WorkloadTest {

  private final SplittableRandom random = new SplittableRandom(7);

  @Test
  void aKeyIsReadAsItWasWritten() {
    Tries.of(
        200,
        draw -> aKeyIsReadAsItWasWritten(draw.between(0, 9_999_999_999L), draw.between(1, 250)));
  }

  private static void aKeyIsReadAsItWasWritten(long index, int bytes) {
    KeySpace keys = new KeySpace("p", bytes);
    ByteBuffer buffer = ByteBuffer.allocate(300).put((byte) ' ');
    keys.write(buffer, index, false);
    assertThat(buffer.position()).isEqualTo(1 + keys.keyBytes());
    assertThat(keys.read(buffer, 1, keys.keyBytes())).isEqualTo(index);
    buffer.position(1);
    keys.write(buffer, index, true);
    assertThat(keys.read(buffer, 1, keys.keyBytes())).isEqualTo(-1);
  }

  @Test
  void aKeyHasTheLengthThatWasAskedFor() {
    KeySpace keys = new KeySpace("bench", 32);
    ByteBuffer buffer = ByteBuffer.allocate(64);
    keys.write(buffer, 42, false);
    assertThat(new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8))
        .isEqualTo("benchkkkkkkkkkkkkkkkkk0000000042")
        .hasSize(32);
    assertThatThrownBy(() -> new KeySpace("x".repeat(241), 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aValueIsThatOfItsKeyAndLengthOnly() {
    Tries.of(200, WorkloadTest::aValueIsThatOfItsKeyAndLengthOnly);
  }

  private static void aValueIsThatOfItsKeyAndLengthOnly(Draw draw) {
    long index = draw.between(0, 1L << 40);
    int length = draw.between(8, 2000);
    int at = draw.between(0, length - 1);
    Values values = new Values(2000);
    ByteBuffer buffer = ByteBuffer.allocate(2000);
    values.write(buffer, index, length);
    assertThat(buffer.position()).isEqualTo(length);
    assertThat(values.matches(buffer, 0, length, index)).isTrue();
    assertThat(values.matches(buffer, 0, length, index + 1)).isFalse();
    buffer.put(at, (byte) (buffer.get(at) ^ 1));
    assertThat(values.matches(buffer, 0, length, index)).isFalse();
  }

  @Test
  void aMixFollowsItsWeights() {
    Mix mix = Mix.parse("get=9,set=1");
    Map<BenchOperation, Integer> counts = new EnumMap<>(BenchOperation.class);
    for (int i = 0; i < 10_000; i++) {
      counts.merge(mix.next(random), 1, Integer::sum);
    }
    assertThat(counts.keySet()).containsExactly(BenchOperation.GET, BenchOperation.SET);
    assertThat(counts.get(BenchOperation.SET)).isBetween(900, 1100);
    assertThat(Mix.parse("mget").next(random)).isEqualTo(BenchOperation.MGET);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "got", "get=", "get=-1", "get=0", "get=1,,set=1", "get=5000"})
  void aMixOfAnotherFormIsRefused(String text) {
    assertThatThrownBy(() -> Mix.parse(text)).isInstanceOf(TypeConversionException.class);
  }

  @Test
  void valueSizesAreFixedUniformOrExponential() {
    assertThat(sizes("100")).containsOnly(100);
    assertThat(sizes("0")).containsOnly(0);
    assertThat(sizes("10-13")).containsOnly(10, 11, 12, 13);
    List<Integer> exponential = sizes("exp:100");
    assertThat(exponential).allMatch(size -> size >= 1 && size <= 1600);
    assertThat(exponential.stream().mapToInt(i -> i).average().orElse(0)).isBetween(95.0, 105.0);
  }

  private List<Integer> sizes(String text) {
    ValueSizes sizes = ValueSizes.parse(text);
    return random.ints(20_000).mapToObj(i -> sizes.next(random)).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "5-", "5-4", "x", "exp:", "99999999"})
  void aValueSizeOfAnotherFormIsRefused(String text) {
    assertThatThrownBy(() -> ValueSizes.parse(text)).isInstanceOf(TypeConversionException.class);
  }

  @Test
  void zipfPrefersTheFirstKeys() {
    int keys = 1000;
    KeyChooser chooser = KeyDistribution.ZIPF.chooser(keys, 0, 1);
    double harmonic = 0;
    for (int rank = 1; rank <= keys; rank++) {
      harmonic += Math.pow(rank, -KeyDistribution.ZIPF_EXPONENT);
    }
    int tries = 200_000;
    int[] counts = new int[keys];
    for (int i = 0; i < tries; i++) {
      counts[(int) chooser.next(random)]++;
    }
    for (int rank : new int[] {1, 2, 10, 100}) {
      double expected = tries * Math.pow(rank, -KeyDistribution.ZIPF_EXPONENT) / harmonic;
      assertThat((double) counts[rank - 1]).isBetween(expected * 0.8, expected * 1.2);
    }
  }

  @Test
  void uniformAndSequentialReachEveryKey() {
    KeyChooser sequential = KeyDistribution.SEQUENTIAL.chooser(10, 1, 2);
    assertThat(random.ints(12).mapToObj(i -> sequential.next(random)))
        .containsExactly(5L, 6L, 7L, 8L, 9L, 0L, 1L, 2L, 3L, 4L, 5L, 6L);
    KeyChooser uniform = KeyDistribution.UNIFORM.chooser(10, 0, 1);
    assertThat(random.ints(1000).mapToObj(i -> uniform.next(random)).distinct()).hasSize(10);
  }
}
