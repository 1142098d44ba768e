package io.kumo.server.store.snapshot;

import java.util.Map;

/**
 * A raw key and the raw value that it had.
 *
 * @param key nobody writes to it
 * @param value nobody writes to it
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them or writes to their bytes
record KeptRecord(byte[] key, byte[] value) {
  static KeptRecord of(Map.Entry<byte[], byte[]> entry) {
    return new KeptRecord(entry.getKey(), entry.getValue());
  }

  int bytes() {
    return key.length + value.length;
  }
}
