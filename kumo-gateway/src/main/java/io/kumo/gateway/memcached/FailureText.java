package io.kumo.gateway.memcached;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.jspecify.annotations.Nullable;

/**
 * What a client reads of an error, the reason that a server gave included. What servers say is not
 * trusted to be fit for a line: it is cut to {@link #MAX_REASON_CHARS} and to printable ASCII.
 */
public final class FailureText {
  static final int MAX_REASON_CHARS = 200;

  private FailureText() {}

  /** The line of text and meta, with its line end; not to be changed. */
  public static byte[] line(McStatus status, @Nullable String reason) {
    byte[] line = status.line();
    if (reason == null || !takesReason(status)) {
      return line;
    }
    String words = new String(line, 0, line.length - 2, US_ASCII);
    return (words + ": " + printable(reason) + "\r\n").getBytes(US_ASCII);
  }

  /** The body of a binary error; null when there is none. Not to be changed. */
  public static byte @Nullable [] binary(McStatus status, @Nullable String reason) {
    byte[] text = status.binaryText();
    if (reason == null || text == null || !takesReason(status)) {
      return text;
    }
    return (new String(text, US_ASCII) + ": " + printable(reason)).getBytes(US_ASCII);
  }

  /** Whether it was a server that failed. */
  private static boolean takesReason(McStatus status) {
    return status == McStatus.GET_FAILED
        || status == McStatus.STORE_FAILED
        || status == McStatus.DELETE_FAILED;
  }

  private static String printable(String reason) {
    int length = Math.min(reason.length(), MAX_REASON_CHARS);
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      char c = reason.charAt(i);
      text.append(c >= ' ' && c <= '~' ? c : '?');
    }
    return text.toString();
  }
}
