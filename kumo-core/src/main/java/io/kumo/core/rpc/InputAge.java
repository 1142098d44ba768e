package io.kumo.core.rpc;

/**
 * Since when the next message of a connection's input has been there, at least. A mark is set when
 * nothing older is left, so that one time does for all bytes before it. Confined to the loop.
 */
final class InputAge {
  private long markNs;
  private long lastNs;
  private long bytesSinceMark;

  /** So many bytes were received now. */
  void received(int bytes, long nowNs) {
    lastNs = nowNs;
    bytesSinceMark += bytes;
  }

  /**
   * When the message that comes next had been received.
   *
   * @param left bytes received and not yet handled
   */
  long nextSinceNs(int left) {
    if (left <= bytesSinceMark) {
      markNs = lastNs;
      bytesSinceMark = 0;
    }
    return markNs;
  }
}
