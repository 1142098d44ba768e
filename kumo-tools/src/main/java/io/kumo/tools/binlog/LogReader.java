package io.kumo.tools.binlog;

import io.kumo.core.protocol.Limits;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.Value;

/** Reads the events of a binary log that may still be growing. Not thread-safe. */
final class LogReader implements Closeable {
  private static final int MAX_NAME_BYTES = 4;
  private static final int MAX_FIELDS = 256;
  private static final int EVENT_PARTS = 3;
  private static final int READ_BYTES = 1 << 16;

  private final FileChannel channel;
  private final ByteBuffer ahead = ByteBuffer.allocate(READ_BYTES).limit(0);
  private long aheadStart;
  private long position;

  private LogReader(FileChannel channel) {
    this.channel = channel;
  }

  static LogReader open(Path path) throws IOException {
    return new LogReader(FileChannel.open(path, StandardOpenOption.READ));
  }

  /** Where the next event begins. */
  long position() {
    return position;
  }

  void seek(long offset) {
    position = offset;
  }

  /** Whether there are fewer bytes now than were read before. */
  boolean hasShrunk() throws IOException {
    return channel.size() < position;
  }

  /** Bytes behind the last whole event. */
  long rest() throws IOException {
    return channel.size() - position;
  }

  /**
   * Returns the next event; null if there is none, or only the beginning of one, so far.
   *
   * @throws IOException also if what is there is no event
   */
  @Nullable LogEvent next() throws IOException {
    byte[] body = body();
    if (body == null) {
      return null;
    }
    try (MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(body)) {
      LogEvent event = event(unpacker);
      position += Integer.BYTES + body.length;
      return event;
    } catch (MessagePackException e) {
      IOException damaged = damaged();
      damaged.initCause(e);
      throw damaged;
    }
  }

  private byte @Nullable [] body() throws IOException {
    byte[] head = bytes(position, Integer.BYTES);
    if (head == null) {
      return null;
    }
    int length = ByteBuffer.wrap(head).getInt();
    if (length <= 0 || length > Limits.MAX_FRAME_BYTES) {
      throw damaged();
    }
    return bytes(position + Integer.BYTES, length);
  }

  /** Null if the file does not reach so far. */
  private byte @Nullable [] bytes(long offset, int length) throws IOException {
    boolean isAhead = offset >= aheadStart && offset + length <= aheadStart + ahead.limit();
    if (!isAhead) {
      if (channel.size() < offset + length) {
        return null;
      }
      if (length > READ_BYTES) {
        ByteBuffer whole = ByteBuffer.allocate(length);
        return fill(whole, offset) < length ? null : whole.array();
      }
      aheadStart = offset;
      fill(ahead.clear(), offset);
      ahead.flip();
      if (ahead.limit() < length) {
        return null;
      }
    }
    byte[] bytes = new byte[length];
    ahead.get((int) (offset - aheadStart), bytes);
    return bytes;
  }

  private int fill(ByteBuffer into, long offset) throws IOException {
    int read = 0;
    while (into.hasRemaining() && read >= 0) {
      read = channel.read(into, offset + into.position());
    }
    return into.position();
  }

  private IOException damaged() {
    return new IOException("there is no event at offset " + position);
  }

  private LogEvent event(MessageUnpacker unpacker) throws IOException {
    if (unpacker.unpackArrayHeader() != EVENT_PARTS) {
      throw damaged();
    }
    String name = name(unpacker.unpackLong());
    int version = unpacker.unpackInt();
    int count = unpacker.unpackMapHeader();
    if (count > MAX_FIELDS) {
      throw damaged();
    }
    SortedMap<String, Object> fields = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      fields.put(name(unpacker.unpackLong()), value(unpacker.unpackValue()));
    }
    if (unpacker.hasNext()) {
      throw damaged();
    }
    return new LogEvent(name, version, fields);
  }

  private Object value(Value value) throws IOException {
    if (value.isIntegerValue() && value.asIntegerValue().isInLongRange()) {
      return value.asIntegerValue().asLong();
    }
    if (value.isRawValue()) {
      return value.asRawValue().asByteArray();
    }
    throw damaged();
  }

  /** Up to four characters in an integer, the last in the lowest byte. */
  private String name(long packed) throws IOException {
    StringBuilder name = new StringBuilder();
    for (int shift = (MAX_NAME_BYTES - 1) * Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      int c = (int) (packed >>> shift) & 0xff;
      boolean isLeading = c == 0 && name.length() == 0;
      if (!isLeading && (c <= ' ' || c >= 0x7f)) {
        throw damaged();
      }
      name.append(isLeading ? "" : String.valueOf((char) c));
    }
    if (name.length() == 0 || packed >>> (MAX_NAME_BYTES * Byte.SIZE) != 0) {
      throw damaged();
    }
    return name.toString();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
