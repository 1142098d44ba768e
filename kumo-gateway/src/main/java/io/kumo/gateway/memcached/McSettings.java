package io.kumo.gateway.memcached;

/**
 * What the decoders need to know of the configuration.
 *
 * @param version what {@code version} answers: major.minor.micro and nothing else, or clients that
 *     parse it fail (node memcached 2.2.2 does)
 * @param maxItemBytes the greatest value that may be stored
 * @param maxKeysPerGet keys in one get
 * @param flushAllowed whether flush_all reaches the cluster
 * @param dropOnTooLarge whether a value above the limit deletes the old one, as memcached does
 */
public record McSettings(
    String version,
    int maxItemBytes,
    int maxKeysPerGet,
    boolean flushAllowed,
    boolean dropOnTooLarge) {
  public static final McSettings DEFAULT = new McSettings("1.6.27", 1 << 20, 100_000, false, false);
}
