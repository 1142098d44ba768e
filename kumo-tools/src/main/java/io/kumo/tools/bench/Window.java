package io.kumo.tools.bench;

/**
 * When a run begins, is measured, and ends, on the clock of {@link
 * io.kumo.core.clock.TimeSource#nanoTime}.
 */
record Window(long startNs, long measureFromNs, long endNs) {

  boolean measures(long nowNs) {
    return nowNs - measureFromNs >= 0 && nowNs - endNs < 0;
  }

  double measuredSeconds() {
    return (endNs - measureFromNs) / 1e9;
  }
}
