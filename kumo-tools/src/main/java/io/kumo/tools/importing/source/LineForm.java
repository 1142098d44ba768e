package io.kumo.tools.importing.source;

import io.kumo.core.item.ItemLayout;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How lines hold records. */
public enum LineForm {
  /** As {@link Ndjson}. */
  NDJSON,
  /** As {@link Tsv}. */
  TSV;

  /** That which was said, else that which the name of a file ends with, else lines of JSON. */
  public static LineForm of(@Nullable LineForm said, @Nullable Path file) {
    if (said != null) {
      return said;
    }
    boolean tsv = file != null && file.toString().toLowerCase(Locale.ROOT).endsWith(".tsv");
    return tsv ? TSV : NDJSON;
  }

  /**
   * Writes such lines.
   *
   * @param times whether each has its ClockTime
   */
  public RecordLines lines(Writer out, boolean times) throws IOException {
    return switch (this) {
      case NDJSON -> new Ndjson(out, ItemLayout.KUMO, times);
      case TSV -> new Tsv(out, ItemLayout.KUMO, times);
    };
  }

  /**
   * Reads such lines.
   *
   * @param versions of lines without a ClockTime
   */
  public RecordSource open(Path file, Versions versions) throws IOException {
    return switch (this) {
      case NDJSON -> NdjsonSource.open(file, versions);
      case TSV -> TsvSource.open(file, versions);
    };
  }
}
