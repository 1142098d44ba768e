package io.kumo.tools.importing.source;

import java.io.IOException;

/** A line is no record; the message says why. */
final class MalformedLineException extends IOException {
  private static final long serialVersionUID = 1;

  MalformedLineException(String message) {
    super(message);
  }
}
