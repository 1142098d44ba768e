package io.kumo.tools.binlog;

import java.util.SortedMap;

/**
 * An event of a binary log.
 *
 * @param name such as {@code nS}
 * @param version of the event's form
 * @param fields by name; a {@code Long}, or a {@code byte[]}, or null
 */
record LogEvent(String name, int version, SortedMap<String, Object> fields) {

  /** Unix seconds; 0 if the event has none. */
  long time() {
    return fields.get("time") instanceof Long time ? time : 0;
  }
}
