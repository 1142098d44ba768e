package io.kumo.tools.importing.source;

import io.kumo.core.tokyo.RecordKind;
import java.io.IOException;

/** Writes records out, one a line. Borrows a writer. */
public interface RecordLines {
  /**
   * Writes one; leaves out what a server takes for none.
   *
   * @param key raw, with its hash
   * @param value raw
   */
  void write(RecordKind kind, byte[] key, byte[] value) throws IOException;

  /** Flushes the writer. */
  void finish() throws IOException;
}
