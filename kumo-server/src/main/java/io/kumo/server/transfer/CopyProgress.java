package io.kumo.server.transfer;

import io.kumo.core.protocol.extended.MoveStatistics;

/** How far a copy is. Confined to the stream loop, except {@link #statistics}. */
final class CopyProgress {
  private final long total;
  private long scanned;
  private long sent;
  private long spared;
  private long sentBytes;
  private long askedBytes;
  private volatile MoveStatistics shown;

  /**
   * @param total records to look at, estimated
   */
  CopyProgress(long total) {
    this.total = total;
    this.shown = new MoveStatistics(0, total, 0, 0);
  }

  /** As shown last. Any thread. */
  MoveStatistics statistics() {
    return shown;
  }

  void scanned() {
    scanned++;
  }

  void sent(int bytes) {
    sent++;
    sentBytes += bytes;
  }

  /** So many records are where they belong. */
  void spared(int records) {
    spared += records;
  }

  void asked(long bytes) {
    askedBytes += bytes;
  }

  long sentCount() {
    return sent;
  }

  long sparedCount() {
    return spared;
  }

  /** Bytes of keys and values. */
  long sentBytes() {
    return sentBytes;
  }

  /** What the network has carried for it. */
  long networkBytes() {
    return sentBytes + askedBytes;
  }

  /** Shows to others how far it is. */
  void show() {
    shown = new MoveStatistics(Math.min(scanned, total), total, sent, sentBytes);
  }

  /** All has been looked at, whatever was estimated. */
  void showWhole() {
    shown = new MoveStatistics(total, total, sent, sentBytes);
  }
}
