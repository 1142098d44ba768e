package io.kumo.tools.importing.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** All records of a source, none of which it may refuse. */
final class ReadRecords implements RecordSource.RecordSink {
  private final List<ImportRecord> records = new ArrayList<>();

  private ReadRecords() {}

  /** Takes the source, and closes it. */
  static List<ImportRecord> of(RecordSource source) throws IOException {
    ReadRecords read = new ReadRecords();
    try (source) {
      source.read(read);
    }
    return read.records;
  }

  @Override
  public void record(ImportRecord record) {
    records.add(record);
  }

  @Override
  public void refuse(String why) {
    throw new AssertionError(why);
  }
}
