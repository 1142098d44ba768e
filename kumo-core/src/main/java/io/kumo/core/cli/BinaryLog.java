package io.kumo.core.cli;

import io.kumo.core.file.PrivateFiles;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of {@code -g}, in the form of kumofs 0.4.13 that kumolog reads: records of a u32 length,
 * big endian, and MessagePack {@code [name, version, {field: value}]}, where names and fields are
 * up to four ASCII characters packed into an integer. Thread-safe; each event is written at once
 * and by the caller, so it is for rare events. After a write error the log warns once and drops.
 */
public final class BinaryLog implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(BinaryLog.class);
  private static final MessagePack.PackerConfig OLD_SPEC =
      new MessagePack.PackerConfig().withStr8FormatSupport(false);

  private @Nullable OutputStream out;

  private BinaryLog(@Nullable OutputStream out) {
    this.out = out;
  }

  /** Appends to {@code file}, which is made when missing. */
  public static BinaryLog open(Path file) throws IOException {
    return new BinaryLog(PrivateFiles.append(file));
  }

  /** Drops every event. */
  public static BinaryLog none() {
    return new BinaryLog(null);
  }

  /**
   * One event. Names of kumofs 0.4.13: SM, SS, SW manager, server, gateway start; nS, lS new and
   * lost server; eP unknown partner; ers, erd replication of a set or delete failed; eg, es, ed a
   * gateway's get, set, delete failed.
   */
  public synchronized void write(Event event) {
    if (out == null) {
      return;
    }
    try {
      out.write(event.encode());
    } catch (IOException e) {
      LOG.warn("binary log: {}; no further events are written", e.getMessage());
      close();
    }
  }

  @Override
  public synchronized void close() {
    if (out != null) {
      try {
        out.close();
      } catch (IOException e) {
        LOG.warn("binary log: {}", e.getMessage());
      }
      out = null;
    }
  }

  /** An event with its fields, in the order in which they are added. */
  public static final class Event {
    private final String name;
    private final int version;
    private final Map<String, Object> fields = new LinkedHashMap<>();

    /** Every event has a {@code time}, in unix seconds. */
    public Event(String name, int version, long unixSeconds) {
      this.name = name;
      this.version = version;
      fields.put("time", unixSeconds);
    }

    /** Adds an address (6 bytes), a key or a value; the bytes are not copied. */
    public Event with(String field, byte[] bytes) {
      fields.put(field, bytes);
      return this;
    }

    /** Adds an unsigned number. */
    public Event with(String field, long number) {
      fields.put(field, number);
      return this;
    }

    byte[] encode() {
      try (MessageBufferPacker packer = OLD_SPEC.newBufferPacker()) {
        packer.packArrayHeader(3).packLong(packed(name)).packInt(version);
        packer.packMapHeader(fields.size());
        for (Map.Entry<String, Object> field : fields.entrySet()) {
          packer.packLong(packed(field.getKey()));
          if (field.getValue() instanceof byte[] bytes) {
            packer.packRawStringHeader(bytes.length).writePayload(bytes);
          } else {
            packer.packLong((Long) field.getValue());
          }
        }
        byte[] body = packer.toByteArray();
        return ByteBuffer.allocate(4 + body.length).putInt(body.length).put(body).array();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static long packed(String name) {
      if (name.isEmpty() || name.length() > 4) {
        throw new IllegalArgumentException("a name has one to four characters: " + name);
      }
      long number = 0;
      for (byte b : name.getBytes(StandardCharsets.US_ASCII)) {
        number = number << 8 | (b & 0xff);
      }
      return number;
    }
  }
}
