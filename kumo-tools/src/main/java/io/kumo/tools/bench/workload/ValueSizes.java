package io.kumo.tools.bench.workload;

import java.util.SplittableRandom;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * How long values are, typed as {@code 100}, {@code 10-1000} (all lengths alike) or {@code exp:100}
 * (exponential, with that mean). Immutable.
 */
public record ValueSizes(int leastBytes, int mostBytes, int exponentialMeanBytes) {

  static final int MAX_BYTES = 16 << 20;

  /** An exponential length is cut at this many times its mean. */
  private static final int EXPONENTIAL_CUT = 16;

  public static ValueSizes parse(String text) {
    if (text.startsWith("exp:")) {
      int mean = bytes(text.substring(4));
      return new ValueSizes(1, Math.min(MAX_BYTES, mean * EXPONENTIAL_CUT), mean);
    }
    int dash = text.indexOf('-');
    int least = bytes(dash < 0 ? text : text.substring(0, dash));
    int most = dash < 0 ? least : bytes(text.substring(dash + 1));
    if (most < least) {
      throw new TypeConversionException("'" + text + "' ends before it begins");
    }
    return new ValueSizes(least, most, 0);
  }

  private static int bytes(String digits) {
    if (!digits.matches("\\d{1,8}") || Integer.parseInt(digits) > MAX_BYTES) {
      throw new TypeConversionException("a value has 0 to " + MAX_BYTES + " bytes, not " + digits);
    }
    return Integer.parseInt(digits);
  }

  int next(SplittableRandom random) {
    if (exponentialMeanBytes > 0) {
      double length = -Math.log(1 - random.nextDouble()) * exponentialMeanBytes;
      return (int) Math.max(leastBytes, Math.min(mostBytes, Math.round(length)));
    }
    return leastBytes == mostBytes ? leastBytes : random.nextInt(leastBytes, mostBytes + 1);
  }

  @Override
  public String toString() {
    if (exponentialMeanBytes > 0) {
      return "exp:" + exponentialMeanBytes;
    }
    return leastBytes == mostBytes ? "" + leastBytes : leastBytes + "-" + mostBytes;
  }

  /** For picocli. */
  public static final class Converter implements ITypeConverter<ValueSizes> {
    @Override
    public ValueSizes convert(String text) {
      return parse(text);
    }
  }
}
