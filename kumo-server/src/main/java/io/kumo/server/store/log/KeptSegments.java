package io.kumo.server.store.log;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * The segments of a redo log from the oldest that is needed to the one that is written, and the
 * positions from which on somebody needs them. Under the lock of the log.
 */
final class KeptSegments {
  private final Deque<LogSegment> segments = new ArrayDeque<>();
  private final List<Long> pins = new ArrayList<>();

  /** Oldest first; empty for none. */
  KeptSegments(List<LogSegment> existing) {
    segments.addAll(existing);
  }

  LogSegment oldest() {
    return segments.getFirst();
  }

  /** The one that is written. */
  LogSegment newest() {
    return segments.getLast();
  }

  void add(LogSegment segment) {
    segments.addLast(segment);
  }

  /** Those that hold anything between two positions, oldest first. */
  List<LogSegment> between(long from, long to) {
    List<LogSegment> found = new ArrayList<>();
    for (LogSegment segment : segments) {
      if (segment.end() > from && segment.start() < to) {
        found.add(segment);
      }
    }
    return found;
  }

  void pin(long position) {
    pins.add(position);
  }

  void unpin(long position) {
    pins.remove(Long.valueOf(position));
  }

  /** Gives away those that end before a position and before whatever is pinned, but the newest. */
  List<LogSegment> removeBefore(long position) {
    long limit = position;
    for (long pin : pins) {
      limit = Math.min(limit, pin);
    }
    List<LogSegment> gone = new ArrayList<>();
    Iterator<LogSegment> oldest = segments.iterator();
    while (segments.size() > 1) {
      LogSegment segment = oldest.next();
      if (segment.end() > limit) {
        break;
      }
      oldest.remove();
      gone.add(segment);
    }
    return gone;
  }

  void close() throws IOException {
    for (LogSegment segment : segments) {
      segment.close();
    }
    segments.clear();
  }
}
