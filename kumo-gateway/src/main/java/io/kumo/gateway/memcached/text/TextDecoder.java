package io.kumo.gateway.memcached.text;

import io.kumo.gateway.memcached.Line;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McStatus;
import io.kumo.gateway.memcached.PendingValue;
import io.kumo.gateway.memcached.RequestDecoder;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Takes text and meta requests out of a connection's bytes: finds lines, has them parsed, and
 * collects or skips the data blocks that belong to them. Confined to its event loop.
 */
public final class TextDecoder implements RequestDecoder {
  /** A line this long without an end is hostile, unless it is a get with very many keys. */
  private static final int MAX_UNFINISHED_LINE_BYTES = 2048;

  private static final int LINE_END_BYTES = 2;

  private final TextCommands commands;
  private final Line line;
  private final PendingValue value = new PendingValue();
  private boolean finished;
  private int searched;

  /**
   * @param commands shared by the connections of the loop
   * @param line shared by the connections of the loop
   */
  public TextDecoder(TextCommands commands, Line line) {
    this.commands = commands;
    this.line = line;
  }

  @Override
  public @Nullable McCommand decode(ByteBuf in) {
    while (!finished) {
      if (value.isArriving()) {
        return readValue(in);
      }
      if (!value.skip(in) || !loadLine(in)) {
        return null;
      }
      McCommand command = parseLine();
      if (command != null) {
        return command;
      }
    }
    in.skipBytes(in.readableBytes());
    return null;
  }

  /** Loads the next line and consumes it; false when its end has not arrived. */
  private boolean loadLine(ByteBuf in) {
    int start = in.readerIndex();
    int readable = in.readableBytes();
    int found = in.bytesBefore(start + searched, readable - searched, (byte) '\n');
    if (found < 0) {
      searched = readable;
      if (readable > MAX_UNFINISHED_LINE_BYTES && !mayGrow(in)) {
        finished = true;
      }
      return false;
    }
    int lineLength = searched + found;
    searched = 0;
    boolean carriageReturn = lineLength > 0 && in.getByte(start + lineLength - 1) == '\r';
    line.load(in, carriageReturn ? lineLength - 1 : lineLength);
    in.skipBytes(lineLength + 1);
    return true;
  }

  private boolean mayGrow(ByteBuf in) {
    return in.readableBytes() <= commands.maxLineBytes() && commands.isLongGet(in);
  }

  /** Null when the request's data block comes first. */
  private @Nullable McCommand parseLine() {
    McCommand command = commands.parse(line);
    if (commands.isFinished()) {
      finished = true;
      commands.clearFinished();
      return command;
    }
    int dataBytes = commands.dataBytes();
    if (dataBytes < 0) {
      return command;
    }
    if (command.isDecided() || commands.isDataRefused()) {
      value.skipNext((long) dataBytes + LINE_END_BYTES);
      return command;
    }
    value.begin(command, dataBytes + LINE_END_BYTES);
    return null;
  }

  /** Takes the line end off the block that has arrived. */
  private @Nullable McCommand readValue(ByteBuf in) {
    McCommand command = value.read(in);
    ByteBuf block = command == null ? null : command.request().value();
    if (command == null || block == null) {
      return null;
    }
    int length = block.readableBytes() - LINE_END_BYTES;
    int end = block.readerIndex() + length;
    if (block.getByte(end) != '\r' || block.getByte(end + 1) != '\n') {
      command.request().dropValue();
      return command.answer(McStatus.BAD_DATA_CHUNK);
    }
    block.writerIndex(end);
    return command;
  }

  @Override
  public boolean isFinished() {
    return finished;
  }

  @Override
  public int heldBytes() {
    return value.heldBytes();
  }

  @Override
  public PendingValue pendingValue() {
    return value;
  }

  @Override
  public boolean speaksLines() {
    return true;
  }

  @Override
  public void close() {
    finished = true;
    value.close();
  }
}
