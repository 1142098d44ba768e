package io.kumo.gateway.memcached;

import io.netty.buffer.ByteBuf;

/**
 * One line of a text protocol, copied out of the network buffer and cut into tokens at blanks. The
 * line ends at its first NUL, as memcached's does.
 *
 * <p>Reused for every line of an event loop; what it holds is valid until the next {@link #load}.
 */
public final class Line {
  /** More than any command but a get has; further tokens of a get are read one by one. */
  public static final int MAX_TOKENS = 24;

  private static final int KEPT_BYTES = 64 * 1024;

  private final int[] starts = new int[MAX_TOKENS];
  private final int[] ends = new int[MAX_TOKENS];
  private byte[] bytes = new byte[2048];
  private int length;
  private int count;
  private int rest;

  /**
   * Whether these bytes can be a token. Keys of the binary protocol and of HTTP may have any byte:
   * told as they are, they would end the line and have what follows taken for another reply.
   */
  public static boolean isToken(byte[] bytes, int start, int length) {
    for (int at = start; at < start + length; at++) {
      byte one = bytes[at];
      if (one == ' ' || one == '\r' || one == '\n' || one == 0) {
        return false;
      }
    }
    return length > 0;
  }

  /** Copies {@code lineLength} bytes, which exclude the line end, and cuts them. Borrows. */
  public void load(ByteBuf in, int lineLength) {
    if (lineLength > bytes.length || bytes.length > KEPT_BYTES) {
      bytes = new byte[Math.max(2048, lineLength)];
    }
    in.getBytes(in.readerIndex(), bytes, 0, lineLength);
    length = lineLength;
    count = 0;
    rest = 0;
    while (count < MAX_TOKENS && advance()) {
      count++;
    }
  }

  /** Finds the next token and puts it where {@code count} is. */
  private boolean advance() {
    int at = rest;
    while (at < length && bytes[at] == ' ') {
      at++;
    }
    int start = at;
    while (at < length && bytes[at] != ' ' && bytes[at] != 0) {
      at++;
    }
    if (at < length && bytes[at] == 0) {
      length = at;
    }
    rest = at;
    if (at == start) {
      return false;
    }
    int slot = Math.min(count, MAX_TOKENS - 1);
    starts[slot] = start;
    ends[slot] = at;
    return true;
  }

  /** Moves on beyond the tokens cut at first: the next one takes the last place. */
  public boolean nextToken() {
    return count == MAX_TOKENS && advance();
  }

  /** Tokens cut, at most {@link #MAX_TOKENS}. */
  public int count() {
    return count;
  }

  public byte[] bytes() {
    return bytes;
  }

  public int start(int token) {
    return starts[token];
  }

  public int end(int token) {
    return ends[token];
  }

  public int length(int token) {
    return ends[token] - starts[token];
  }

  /** Where the line ends. */
  public int lineEnd() {
    return length;
  }

  /** The byte of a token at an offset within it. */
  public byte at(int token, int offset) {
    return bytes[starts[token] + offset];
  }

  public boolean is(int token, byte[] word) {
    if (length(token) != word.length) {
      return false;
    }
    int start = starts[token];
    for (int i = 0; i < word.length; i++) {
      if (bytes[start + i] != word[i]) {
        return false;
      }
    }
    return true;
  }

  public boolean startsWith(int token, byte[] word) {
    if (length(token) < word.length) {
      return false;
    }
    int start = starts[token];
    for (int i = 0; i < word.length; i++) {
      if (bytes[start + i] != word[i]) {
        return false;
      }
    }
    return true;
  }

  /** A token of up to 8 bytes as a number, its first byte lowest; -1 for a longer one. */
  public long packed(int token) {
    int tokenLength = length(token);
    if (tokenLength > Long.BYTES) {
      return -1;
    }
    long word = 0;
    for (int i = tokenLength - 1; i >= 0; i--) {
      word = word << 8 | (bytes[starts[token] + i] & 0xFF);
    }
    return word;
  }
}
