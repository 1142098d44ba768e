package io.kumo.core.tokyo;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells of the damage that was met while salvaging. */
public final class Damage {
  private Damage() {}

  /**
   * Returns one line, empty if there is no damage.
   *
   * @param problem that the file has as a whole, null for none
   * @param foreign records that are not a server's
   */
  public static String describe(@Nullable String problem, TchContents contents, long foreign) {
    List<String> parts = new ArrayList<>();
    if (problem != null) {
      parts.add(problem);
    }
    if (contents.damagedPlaces() > 0) {
      parts.add(
          "%d damaged places, %d bytes passed over; the first: %s"
              .formatted(
                  contents.damagedPlaces(), contents.skippedBytes(), contents.firstDamage()));
    }
    if (foreign > 0) {
      parts.add(foreign + " records left out whose key or marks are damaged");
    }
    return String.join("; ", parts);
  }
}
