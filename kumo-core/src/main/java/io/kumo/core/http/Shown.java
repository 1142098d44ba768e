package io.kumo.core.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.core.metrics.MetricsSnapshot;
import java.io.IOException;
import java.util.Map;

/** What a daemon shows. Called on threads of the endpoint, several at a time. */
public interface Shown {
  /** Its numbers of this moment, without those that every process has; may block for a moment. */
  MetricsSnapshot metrics();

  /**
   * Whether it can serve now; may block for a moment.
   *
   * @throws IOException when it cannot tell; the message says why
   */
  Readiness readiness() throws IOException;

  /**
   * What it is and does, for a program to read; may block for a moment.
   *
   * @throws IOException when it cannot tell; the message says why
   */
  ObjectNode status() throws IOException;

  /** What it shows besides, by path, such as {@code /}. */
  default Map<String, Page> pages() {
    return Map.of();
  }
}
