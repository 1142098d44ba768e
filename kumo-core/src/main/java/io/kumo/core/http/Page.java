package io.kumo.core.http;

import java.io.IOException;

/** Something to be shown under a path of its own. */
public interface Page {
  /** As HTTP says it. */
  String contentType();

  /**
   * Its bytes of this moment; on a thread of the endpoint.
   *
   * @throws IOException when it cannot be had now; the message says why
   */
  byte[] body() throws IOException;
}
