package io.kumo.core.security;

import java.io.IOException;
import java.nio.file.Path;

/** A file with a key, a certificate or a secret cannot be used; the message says which and why. */
public final class SecurityFileException extends IOException {
  private static final long serialVersionUID = 1;

  public SecurityFileException(Path file, String why) {
    super(file + ": " + why);
  }

  public SecurityFileException(Path file, String why, Throwable cause) {
    super(file + ": " + why, cause);
  }
}
