package io.kumo.gateway.memcached;

/**
 * What the decoders need to know of the configuration.
 *
 * @param version what {@code version} answers: major.minor.micro and nothing else, or clients that
 *     parse it fail (node memcached 2.2.2 does)
 * @param item how great a value may be
 * @param maxKeysPerGet keys in one get
 * @param flushAllowed whether flush_all reaches the cluster
 * @param dropOnTooLarge whether a value above the limit deletes the old one, as memcached does
 */
public record McSettings(
    String version,
    ItemLimit item,
    int maxKeysPerGet,
    boolean flushAllowed,
    boolean dropOnTooLarge) {
  public static final McSettings DEFAULT = new McSettings("1.6.27", 1 << 20, 100_000, false, false);

  /** With a limit of its own. */
  public McSettings(
      String version,
      int maxItemBytes,
      int maxKeysPerGet,
      boolean flushAllowed,
      boolean dropOnTooLarge) {
    this(version, new ItemLimit(maxItemBytes), maxKeysPerGet, flushAllowed, dropOnTooLarge);
  }

  /** The greatest value that may be stored now. */
  public int maxItemBytes() {
    return item.bytes();
  }

  /** The same, with a limit that nobody else changes: for an event loop. */
  public McSettings ofItsOwn() {
    return new McSettings(version, maxItemBytes(), maxKeysPerGet, flushAllowed, dropOnTooLarge);
  }
}
