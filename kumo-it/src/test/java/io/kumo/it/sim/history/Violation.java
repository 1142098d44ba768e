package io.kumo.it.sim.history;

/**
 * A promise that was broken.
 *
 * @param rule which promise, in a word or two
 * @param detail what shows it
 */
public record Violation(String rule, String detail) {
  @Override
  public String toString() {
    return rule + ": " + detail;
  }
}
