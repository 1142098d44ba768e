package io.kumo.tools.importing.source;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes as a field of {@link Tsv}. A backslash begins what cannot stand for itself: {@code \\} is a
 * backslash, {@code \t} a tab, {@code \n} a newline, {@code \r} a carriage return, {@code \xHH} any
 * byte, in two hexadecimal digits. Other control characters are written in hexadecimal, and so is
 * all beyond ASCII of bytes that are not UTF-8.
 */
final class TsvField {
  private static final char[] HEX = "0123456789abcdef".toCharArray();
  private static final int RADIX = 16;
  private static final int DELETE = 0x7f;

  private TsvField() {}

  static void write(byte[] bytes, int from, Writer out) throws IOException {
    String text = new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
    byte[] back = text.getBytes(StandardCharsets.UTF_8);
    boolean utf8 = Arrays.equals(back, 0, back.length, bytes, from, bytes.length);
    if (!utf8) {
      text = new String(bytes, from, bytes.length - from, StandardCharsets.ISO_8859_1);
    }
    for (int i = 0; i < text.length(); i++) {
      write(text.charAt(i), utf8, out);
    }
  }

  private static void write(char c, boolean utf8, Writer out) throws IOException {
    switch (c) {
      case '\\' -> out.write("\\\\");
      case '\t' -> out.write("\\t");
      case '\n' -> out.write("\\n");
      case '\r' -> out.write("\\r");
      default -> {
        if (c < ' ' || c == DELETE || (c > DELETE && !utf8)) {
          out.write("\\x");
          out.write(HEX[c / RADIX]);
          out.write(HEX[c % RADIX]);
        } else {
          out.write(c);
        }
      }
    }
  }

  /** The bytes of a field; says what is wrong with it. */
  static byte[] read(byte[] line, int from, int end) throws MalformedLineException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(end - from);
    for (int i = from; i < end; i++) {
      if (line[i] != '\\') {
        out.write(line[i]);
      } else {
        i += readEscape(line, i + 1, end, out);
      }
    }
    return out.toByteArray();
  }

  /** How many bytes stand behind the backslash. */
  private static int readEscape(byte[] line, int at, int end, ByteArrayOutputStream out)
      throws MalformedLineException {
    int c = at < end ? line[at] : -1;
    switch (c) {
      case '\\' -> out.write('\\');
      case 't' -> out.write('\t');
      case 'n' -> out.write('\n');
      case 'r' -> out.write('\r');
      case 'x' -> {
        out.write(hex(line, at + 1, end) * RADIX + hex(line, at + 2, end));
        return 3;
      }
      default -> throw new MalformedLineException("a backslash is followed by \\, t, n, r or xHH");
    }
    return 1;
  }

  private static int hex(byte[] line, int at, int end) throws MalformedLineException {
    int digit = at < end ? Character.digit(line[at], RADIX) : -1;
    if (digit < 0) {
      throw new MalformedLineException("\\x is followed by two hexadecimal digits");
    }
    return digit;
  }
}
