package io.kumo.tools.bench.workload;

import java.util.SplittableRandom;

/**
 * Zipf's law by rejection-inversion (W. Hörmann, G. Derflinger, "Rejection-inversion to generate
 * variates from monotone discrete distributions", 1996): constant time and memory for any number of
 * keys. Key 0 is the most popular.
 */
final class ZipfChooser implements KeyChooser {

  private final long keys;
  private final double exponent;
  private final double integralOfFirst;
  private final double integralOfLast;
  private final double acceptBelow;

  ZipfChooser(long keys, double exponent) {
    this.keys = keys;
    this.exponent = exponent;
    this.integralOfFirst = integral(1.5) - 1;
    this.integralOfLast = integral(keys + 0.5);
    this.acceptBelow = 2 - inverse(integral(2.5) - density(2));
  }

  @Override
  public long next(SplittableRandom random) {
    while (true) {
      double u = integralOfLast + random.nextDouble() * (integralOfFirst - integralOfLast);
      double x = inverse(u);
      double rank = Math.max(1, Math.min((double) keys, Math.rint(x)));
      if (rank - x <= acceptBelow || u >= integral(rank + 0.5) - density(rank)) {
        return (long) rank - 1;
      }
    }
  }

  private double density(double x) {
    return Math.pow(x, -exponent);
  }

  private double integral(double x) {
    return (Math.pow(x, 1 - exponent) - 1) / (1 - exponent);
  }

  private double inverse(double y) {
    return Math.pow(y * (1 - exponent) + 1, 1 / (1 - exponent));
  }
}
