package io.kumo.gateway.memcached;

/** One line of the answer to a stats command. */
public record Stat(String name, String value) {
  public Stat(String name, long value) {
    this(name, Long.toString(value));
  }
}
