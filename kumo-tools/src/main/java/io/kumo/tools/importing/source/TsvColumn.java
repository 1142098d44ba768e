package io.kumo.tools.importing.source;

import java.util.Locale;

/** The columns of {@link Tsv}, in the order in which they are written. */
enum TsvColumn {
  KEY,
  FLAGS,
  /** Unix seconds; 0 for never. */
  EXPIRY,
  /** Unix seconds of the ClockTime. */
  TIME,
  /** The counter of the ClockTime. */
  CLOCK,
  VALUE;

  /** As the first line names it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
