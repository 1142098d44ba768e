package io.kumo.tools.importing.source;

import io.kumo.core.protocol.Limits;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads commands of the Redis protocol, as arrays of bulk strings or as lines. What one command may
 * hold is bounded; of commands that nobody wants the name is kept alone. Not thread-safe.
 */
final class RespReader implements Closeable {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int MAX_ARGUMENTS = 1 << 20;
  private static final int MAX_LINE_BYTES = 1 << 16;
  private static final String RDB_MAGIC = "REDIS0";

  private static final String CUT = "the file ends within a command";

  private final InputStream in;
  private final Predicate<String> wanted;
  private long position;

  /**
   * Takes the stream.
   *
   * @param wanted tells by its name, in upper case, whether a command's arguments are
   */
  RespReader(InputStream in, Predicate<String> wanted) {
    this.in = new BufferedInputStream(in, BUFFER_BYTES);
    this.wanted = wanted;
  }

  /** Bytes that were read. */
  long position() {
    return position;
  }

  /**
   * Returns the name and the arguments of the next command; the name alone of one that is not
   * wanted; null at the end.
   */
  @Nullable List<byte[]> next() throws IOException {
    while (true) {
      String line = line();
      if (line == null) {
        return null;
      }
      if (line.startsWith("*")) {
        return array(length(line, MAX_ARGUMENTS));
      }
      if (line.startsWith(RDB_MAGIC)) {
        throw bad(
            "this is an RDB file, or an AOF that begins with one; after CONFIG SET"
                + " aof-use-rdb-preamble no, BGREWRITEAOF writes one that does not");
      }
      List<byte[]> words = InlineCommand.split(line);
      if (!words.isEmpty() && !line.startsWith("#")) {
        return words;
      }
    }
  }

  private List<byte[]> array(int length) throws IOException {
    List<byte[]> command = new ArrayList<>(Math.min(length, BUFFER_BYTES));
    boolean kept = true;
    long bytes = 0;
    for (int i = 0; i < length; i++) {
      int size = bulkSize();
      bytes += size;
      if (kept && bytes > Limits.MAX_FRAME_BYTES) {
        throw bad("a command of more than " + Limits.MAX_FRAME_BYTES + " bytes");
      }
      if (kept) {
        byte[] argument = in.readNBytes(size);
        position += argument.length;
        if (argument.length < size) {
          throw cut();
        }
        command.add(argument);
      } else {
        skip(size);
      }
      skipLineEnd();
      kept = kept && (i > 0 || wanted.test(name(command)));
    }
    return command;
  }

  /** The name of a command, in upper case. */
  static String name(List<byte[]> command) {
    return new String(command.get(0), StandardCharsets.ISO_8859_1).toUpperCase(Locale.ROOT);
  }

  private int bulkSize() throws IOException {
    String line = line();
    if (line == null) {
      throw cut();
    }
    if (!line.startsWith("$")) {
      throw bad("a bulk string is expected");
    }
    return length(line, Integer.MAX_VALUE);
  }

  private void skip(long bytes) throws IOException {
    try {
      in.skipNBytes(bytes);
    } catch (EOFException e) {
      throw bad(CUT, e);
    }
    position += bytes;
  }

  private void skipLineEnd() throws IOException {
    if (in.read() != '\r' || in.read() != '\n') {
      throw bad("a bulk string does not end where it says, or the file ends");
    }
    position += 2;
  }

  private int length(String line, int most) throws IOException {
    try {
      int length = Integer.parseInt(line.substring(1));
      if (length >= 0 && length <= most) {
        return length;
      }
    } catch (NumberFormatException e) {
      throw bad("a length is expected after " + line.charAt(0), e);
    }
    throw bad("a length beyond all bounds");
  }

  /** Without its end; null at the end of the stream. */
  private @Nullable String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0 && line.isEmpty()) {
        return null;
      }
      if (c < 0) {
        throw cut();
      }
      if (line.length() == MAX_LINE_BYTES) {
        throw bad("a line of more than " + MAX_LINE_BYTES + " bytes");
      }
      line.append((char) c);
    }
    position += line.length() + 1;
    int end = line.length();
    return line.substring(0, end > 0 && line.charAt(end - 1) == '\r' ? end - 1 : end);
  }

  private IOException cut() {
    return bad(CUT);
  }

  /** An error that names the place. */
  IOException bad(String why) {
    return new IOException(place() + why);
  }

  IOException bad(String why, Exception cause) {
    return new IOException(place() + why, cause);
  }

  private String place() {
    return "near byte " + position + ": ";
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
