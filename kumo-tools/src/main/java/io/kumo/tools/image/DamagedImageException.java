package io.kumo.tools.image;

import java.io.IOException;

/** An image is not what its writer wrote; the message says which and where. */
public final class DamagedImageException extends IOException {
  private static final long serialVersionUID = 1;

  public DamagedImageException(String message) {
    super(message);
  }
}
