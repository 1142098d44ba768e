package io.kumo.gateway.memcached.text;

import io.kumo.gateway.memcached.Line;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McStatus;
import io.kumo.gateway.memcached.RequestDecoder;
import io.kumo.gateway.memcached.ValueReader;
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

  private enum DecoderState {
    /** The next bytes are a command line. */
    LINE,
    /** The next bytes are the data block of {@code pending}. */
    VALUE,
    /** The next bytes are the data block of a request that was refused. */
    SKIP,
    /** Nothing more is read. */
    FINISHED
  }

  private final TextCommands commands;
  private final Line line;
  private final ValueReader values = new ValueReader();
  private DecoderState state = DecoderState.LINE;
  private int searched;
  private long skipBytes;
  private @Nullable McCommand pending;

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
    while (true) {
      switch (state) {
        case LINE -> {
          if (!loadLine(in)) {
            return null;
          }
          McCommand command = parseLine();
          if (command != null) {
            return command;
          }
        }
        case VALUE -> {
          return readValue(in);
        }
        case SKIP -> {
          int skipped = (int) Math.min(skipBytes, in.readableBytes());
          in.skipBytes(skipped);
          skipBytes -= skipped;
          if (skipBytes > 0) {
            return null;
          }
          state = DecoderState.LINE;
        }
        case FINISHED -> {
          in.skipBytes(in.readableBytes());
          return null;
        }
      }
    }
  }

  /** Loads the next line and consumes it; false when its end has not arrived. */
  private boolean loadLine(ByteBuf in) {
    int start = in.readerIndex();
    int readable = in.readableBytes();
    int found = in.bytesBefore(start + searched, readable - searched, (byte) '\n');
    if (found < 0) {
      searched = readable;
      if (readable > MAX_UNFINISHED_LINE_BYTES && !mayGrow(in)) {
        state = DecoderState.FINISHED;
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
      state = DecoderState.FINISHED;
      commands.clearFinished();
      return command;
    }
    int dataBytes = commands.dataBytes();
    if (dataBytes < 0) {
      return command;
    }
    if (command.isDecided() || commands.isDataRefused()) {
      skipBytes = (long) dataBytes + LINE_END_BYTES;
      state = DecoderState.SKIP;
      return command;
    }
    pending = command;
    values.begin(dataBytes + LINE_END_BYTES);
    state = DecoderState.VALUE;
    return null;
  }

  private @Nullable McCommand readValue(ByteBuf in) {
    ByteBuf block = values.read(in);
    McCommand command = pending;
    if (block == null || command == null) {
      return null;
    }
    pending = null;
    state = DecoderState.LINE;
    int length = block.readableBytes() - LINE_END_BYTES;
    int end = block.readerIndex() + length;
    if (block.getByte(end) != '\r' || block.getByte(end + 1) != '\n') {
      block.release();
      return command.answer(McStatus.BAD_DATA_CHUNK);
    }
    command.request().value(block.writerIndex(end));
    return command;
  }

  @Override
  public boolean isFinished() {
    return state == DecoderState.FINISHED;
  }

  @Override
  public int heldBytes() {
    return values.heldBytes();
  }

  @Override
  public long missingBytes() {
    return pending == null ? skipBytes : values.missingBytes();
  }

  @Override
  public int growthBytes() {
    return pending == null ? 0 : values.growthBytes();
  }

  @Override
  public @Nullable McCommand giveUp() {
    McCommand command = pending;
    if (command == null) {
      return null;
    }
    pending = null;
    skipBytes = values.giveUp();
    state = DecoderState.SKIP;
    return command.answer(McStatus.OUT_OF_MEMORY);
  }

  @Override
  public boolean speaksLines() {
    return true;
  }

  @Override
  public void close() {
    state = DecoderState.FINISHED;
    values.close();
    if (pending != null) {
      pending.recycle();
      pending = null;
    }
  }
}
