package io.kumo.core.tokyo;

import java.io.IOException;

/** A file that is not a Tokyo Cabinet hash file that we read, or is damaged; says which and why. */
public final class TchException extends IOException {
  private static final long serialVersionUID = 1;

  public TchException(String message) {
    super(message);
  }

  static TchException at(long offset, String what) {
    return new TchException(what + " at offset " + offset);
  }
}
