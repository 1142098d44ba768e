package io.kumo.tools;

import io.kumo.core.cli.CliException;
import io.kumo.core.ring.HashSpace;
import org.jspecify.annotations.Nullable;

/** A number of copies as an option gives it. */
public final class CopiesOption {
  private CopiesOption() {}

  /** Throws {@link CliException} when there cannot be so many; 0 when none is given. */
  public static int check(@Nullable Integer copies) {
    if (copies == null) {
      return 0;
    }
    if (copies < 1 || copies > HashSpace.MAX_COPIES) {
      throw CliException.usage("--replicas must be from 1 to " + HashSpace.MAX_COPIES);
    }
    return copies;
  }
}
