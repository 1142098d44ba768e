package io.kumo.tools.importing.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The last keys of a file of commands, held back a while because a later command often completes an
 * earlier one: SET and then EXPIRE. Bounded in number and bytes; the oldest leave first. Not
 * thread-safe.
 */
final class PendingKeys {
  private static final int MAX_KEYS = 4096;
  private static final long MAX_BYTES = 16L << 20;

  private final Map<ByteBuffer, ImportRecord> keys = new LinkedHashMap<>();
  private final Versions versions;
  private long bytes;

  PendingKeys(Versions versions) {
    this.versions = versions;
  }

  void store(byte[] key, byte[] value, long expiry, RecordSource.RecordSink sink)
      throws IOException {
    put(ImportRecord.store(key, value, 0, expiry, versions.next()), sink);
  }

  void remove(byte[] key, RecordSource.RecordSink sink) throws IOException {
    put(ImportRecord.remove(key, versions.next()), sink);
  }

  /** Of a key that has left, the expiry alone is changed. */
  void expire(byte[] key, long expiry, RecordSource.RecordSink sink) throws IOException {
    ImportRecord held = keys.get(ByteBuffer.wrap(key));
    if (held == null || held.action() == ImportRecord.LoadAction.TOUCH) {
      put(ImportRecord.touch(key, expiry, versions.next()), sink);
    } else if (held.action() == ImportRecord.LoadAction.STORE) {
      put(ImportRecord.store(key, held.value(), held.flags(), expiry, versions.next()), sink);
    }
  }

  /** What a key expires at, as far as it is held. */
  long expiry(byte[] key) {
    ImportRecord held = keys.get(ByteBuffer.wrap(key));
    return held == null ? 0 : held.expiry();
  }

  private void put(ImportRecord record, RecordSource.RecordSink sink) throws IOException {
    ByteBuffer key = ByteBuffer.wrap(record.key());
    ImportRecord former = keys.remove(key);
    bytes += record.bytes() - (former == null ? 0 : former.bytes());
    keys.put(key, record);
    Iterator<ImportRecord> oldest = keys.values().iterator();
    while (keys.size() > MAX_KEYS || (bytes > MAX_BYTES && keys.size() > 1)) {
      ImportRecord leaving = oldest.next();
      oldest.remove();
      bytes -= leaving.bytes();
      sink.record(leaving);
    }
  }

  /** Gives what is left. */
  void finish(RecordSource.RecordSink sink) throws IOException {
    for (ImportRecord record : keys.values()) {
      sink.record(record);
    }
    keys.clear();
    bytes = 0;
  }
}
