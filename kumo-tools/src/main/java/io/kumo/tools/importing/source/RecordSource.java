package io.kumo.tools.importing.source;

import java.io.Closeable;
import java.io.IOException;

/** Where records come from; read once, front to back, by one thread. */
public interface RecordSource extends Closeable {

  /** Takes what a source gives, in an order that is the same each time it is read. */
  interface RecordSink {
    /** A record that can be loaded; may wait. */
    void record(ImportRecord record) throws IOException;

    /**
     * Something that a cluster has no place for.
     *
     * @param why in few words: the same for all of a kind, since they are counted by it
     */
    void refuse(String why) throws IOException;
  }

  /** As the user named it. */
  String name();

  /** Tells whether it is still the same when an import goes on. */
  String identity() throws IOException;

  /** Whether what was given before can be passed over when it is read again. */
  boolean isRepeatable();

  /** Gives all. */
  void read(RecordSink sink) throws IOException;

  /** How much there is, in a unit of its own; 0 when not known. */
  long total();

  /** How much of {@link #total} was read. */
  long done();

  /** What there is to say of damage after it was read, empty if nothing. */
  default String note() {
    return "";
  }
}
