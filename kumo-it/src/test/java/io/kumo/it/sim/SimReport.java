package io.kumo.it.sim;

import io.kumo.it.sim.history.Violation;
import java.util.List;
import java.util.Map;

/**
 * What came of one run.
 *
 * @param hits faults that met a write under way to what they hit
 * @param unknown operations of which the client does not know the outcome
 * @param traceHash the same whenever the run is the same
 */
record SimReport(
    Settings settings,
    List<Violation> violations,
    Map<FaultKind, Integer> faults,
    Map<FaultKind, Integer> hits,
    int operations,
    int unknown,
    long traceHash) {
  boolean passed() {
    return violations.isEmpty();
  }
}
