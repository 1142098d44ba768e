package io.kumo.server.store;

import io.kumo.core.item.RecordDigest;
import io.kumo.core.ring.RangeDigest;

/** Adds up the digests of records. Confined to one thread. */
public final class DigestSum {
  private long sum;
  private long count;

  /** One record, by its {@link RecordDigest}. */
  public void add(long digest) {
    sum += digest;
    count++;
  }

  public void add(RangeDigest digests) {
    sum += digests.sum();
    count += digests.count();
  }

  /** Of everything added. */
  public RangeDigest digest() {
    return new RangeDigest(sum, count);
  }
}
