package io.kumo.core.protocol.page;

import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * One object of MessagePack as the code writes it, and a word for each of its elements, arrays
 * within included, the outermost one not.
 *
 * @param bytes borrowed
 */
record WireSample(ByteBuf bytes, List<String> words) {
  private static final int COLUMN = 26;

  /** Reads what a sample wrote. */
  @FunctionalInterface
  interface Reader {
    Object read(ByteBuf in) throws MalformedMessageException;
  }

  /** Appends one object. */
  @FunctionalInterface
  interface Writer {
    void write(ByteBuf out);
  }

  static WireSample of(Writer writer, String... words) {
    ByteBuf out = Unpooled.buffer();
    writer.write(out);
    return new WireSample(out, List.of(words));
  }

  /** A line for each element: its bytes, its word, and what it says unless that is long. */
  String lines() {
    ByteBuf in = bytes.duplicate();
    Iterator<String> word = words.iterator();
    StringBuilder out = new StringBuilder();
    Deque<Integer> left = new ArrayDeque<>();
    try {
      while (in.isReadable()) {
        int depth = left.size();
        String name = depth == 0 && MsgPack.isArray(in) ? "" : word.next();
        if (depth > 0) {
          left.push(left.pop() - 1);
        }
        int start = in.readerIndex();
        String says = element(in, name, left);
        String hex = ByteBufUtil.hexDump(in, start, in.readerIndex() - start);
        String text = "  ".repeat(depth) + says;
        out.append(hex.length() < COLUMN ? hex + " ".repeat(COLUMN - hex.length()) : hex + "  ");
        out.append(text).append('\n');
        while (!left.isEmpty() && left.peek() == 0) {
          left.pop();
        }
      }
    } catch (MalformedMessageException e) {
      throw new IllegalStateException(words + " is no MessagePack", e);
    }
    if (word.hasNext()) {
      throw new IllegalStateException("no element for '" + word.next() + "' in\n" + out);
    }
    return out.toString();
  }

  private static String element(ByteBuf in, String name, Deque<Integer> left)
      throws MalformedMessageException {
    if (MsgPack.isArray(in)) {
      int length = MsgPack.readArrayHeader(in);
      left.push(length);
      return name + (name.isEmpty() ? "" : ": ") + "array of " + length;
    }
    if (MsgPack.tryReadNil(in)) {
      return name + ": nil";
    }
    if (MsgPack.isBool(in)) {
      return name + ": " + MsgPack.readBool(in);
    }
    if (MsgPack.isUnsigned(in)) {
      long number = MsgPack.readUnsigned(in);
      return number >>> Integer.SIZE == 0 ? name + ": " + number : name;
    }
    MsgPack.readRaw(in);
    return name;
  }
}
