package io.kumo.gateway.memcached;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.jspecify.annotations.Nullable;

/**
 * How a client wants to be answered: what its encoder needs back of the request. Reused; confined
 * to its event loop.
 */
public final class ReplyForm {
  private static final byte[] NOTHING = {};

  private ReplyEncoder encoder;
  private boolean quiet;
  private int mark;
  private int opaque;
  private byte[] echo = NOTHING;
  private int echoLength;
  private @Nullable McStatus forced;

  ReplyForm(ReplyEncoder unset) {
    this.encoder = unset;
  }

  ReplyEncoder encoder() {
    return encoder;
  }

  void encoder(ReplyEncoder newEncoder) {
    encoder = newEncoder;
  }

  /**
   * Whether success (or a miss) is answered by silence; see the encoders for each protocol's rule.
   */
  public boolean isQuiet() {
    return quiet;
  }

  public void quiet(boolean newQuiet) {
    quiet = newQuiet;
  }

  /** The encoder's own mark of the form of the reply: an opcode, or one of its constants. */
  public int mark() {
    return mark;
  }

  public void mark(int newMark) {
    mark = newMark;
  }

  /** The opaque of a binary request. */
  public int opaque() {
    return opaque;
  }

  public void opaque(int newOpaque) {
    opaque = newOpaque;
  }

  /** Keeps a copy of request bytes that the reply repeats: the flags of a meta command. */
  public void echo(byte[] source, int offset, int length) {
    if (length > echo.length) {
      echo = new byte[Math.max(length, 64)];
    }
    System.arraycopy(source, offset, echo, 0, length);
    echoLength = length;
  }

  public byte[] echo() {
    return echo;
  }

  public int echoLength() {
    return echoLength;
  }

  /** What is echoed as text, a character a byte, without blanks around it. */
  public String echoText() {
    return new String(echo(), 0, echoLength, ISO_8859_1).trim();
  }

  /** Whatever the back end says, this is answered, unless that was an error. */
  public void force(McStatus status) {
    forced = status;
  }

  McStatus answerTo(McStatus status) {
    return forced == null || status.isError() ? status : forced;
  }

  void clear() {
    quiet = false;
    mark = 0;
    opaque = 0;
    echoLength = 0;
    forced = null;
  }
}
