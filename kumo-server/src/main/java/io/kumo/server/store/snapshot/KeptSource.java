package io.kumo.server.store.snapshot;

import io.kumo.core.clock.ClockTime;
import java.util.Arrays;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Kept records in the order of their keys, and where somebody is in them. One thread. */
final class KeptSource implements Comparable<KeptSource> {
  private final Iterator<KeptRecord> rest;
  private @Nullable KeptRecord head;

  KeptSource(Iterator<KeptRecord> records) {
    this.rest = records;
  }

  /** Returns whether there is a next one. */
  boolean advance() {
    head = rest.hasNext() ? rest.next() : null;
    return head != null;
  }

  KeptRecord head() {
    KeptRecord now = head;
    if (now == null) {
      throw new IllegalStateException("at the end");
    }
    return now;
  }

  /** By key; of one key the newest record first. */
  @Override
  public int compareTo(KeptSource other) {
    int order = Arrays.compareUnsigned(head().key(), other.head().key());
    return order != 0 ? order : ClockTime.compare(head(other.head().value()), head(head().value()));
  }

  /** The first 8 bytes: of a key its hash, of a value its ClockTime. */
  static long head(byte[] raw) {
    long head = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      head = (head << Byte.SIZE) | (raw[i] & 0xffL);
    }
    return head;
  }
}
