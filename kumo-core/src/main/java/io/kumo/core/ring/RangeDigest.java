package io.kumo.core.ring;

/**
 * What all records of a range of hashes come to. Equal ones mean equal records, but for a chance of
 * one in 2^64.
 *
 * @param sum of their {@link io.kumo.core.item.RecordDigest}s, modulo 2^64
 * @param count of them, tombstones included
 */
public record RangeDigest(long sum, long count) {
  /** Of no record. */
  public static final RangeDigest NONE = new RangeDigest(0, 0);
}
