package io.kumo.server.merge;

import io.kumo.core.tokyo.RecordKind;
import java.io.Closeable;
import java.io.IOException;

/** A database in the making that takes the newest version of each key. */
interface MergeTarget extends Closeable {
  /** Takes a record, unless it has a newer one of the key, and counts it. */
  void add(RecordKind kind, byte[] key, byte[] value) throws IOException;

  /** Records that were stored so far. */
  long merged();

  /** Records that were looked at so far, of those that count. */
  long total();

  /** Makes it durable and gives it its name. */
  void finish() throws IOException;

  /** Without {@link #finish} before, removes what was made. */
  @Override
  void close() throws IOException;
}
