package io.kumo.tools.importing;

import io.kumo.tools.importing.source.ImportRecord;
import io.kumo.tools.importing.source.RecordSource;

/** Counts what would be loaded, and loads nothing. */
record CountingSink(ImportCounts counts) implements RecordSource.RecordSink {
  @Override
  public void record(ImportRecord record) {
    counts.add(LoadResult.LOADED, "");
  }

  @Override
  public void refuse(String why) {
    counts.add(LoadResult.REFUSED, why);
  }
}
