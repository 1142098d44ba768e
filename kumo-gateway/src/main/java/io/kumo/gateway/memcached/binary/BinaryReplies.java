package io.kumo.gateway.memcached.binary;

import io.kumo.core.route.request.FoundItems;
import io.kumo.core.route.request.KeyList;
import io.kumo.gateway.memcached.FailureText;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McStatus;
import io.kumo.gateway.memcached.ReplyEncoder;
import io.kumo.gateway.memcached.ReplyOutput;
import io.kumo.gateway.memcached.Stat;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Replies of the binary protocol. Quiet opcodes are silent on success, quiet reads on a miss;
 * errors are always answered.
 */
public final class BinaryReplies implements ReplyEncoder {
  public static final BinaryReplies INSTANCE = new BinaryReplies();

  private static final byte RESPONSE_MAGIC = (byte) 0x81;
  private static final int FLAGS_BYTES = 4;
  private static final byte[] NOTHING = {};
  private static final byte[] AUTHENTICATED = "Authenticated".getBytes(StandardCharsets.US_ASCII);

  private BinaryReplies() {}

  @Override
  public void encode(McCommand command, ReplyOutput out) {
    switch (command.operation()) {
      case GET, GET_AND_TOUCH, META_GET -> fetched(command, out);
      case TOUCH -> touched(command, out.buffer());
      case SET, ADD, REPLACE, APPEND, PREPEND, DELETE -> written(command, out.buffer());
      case INCR, DECR -> counted(command, out.buffer());
      case STATS -> stats(command, out.buffer());
      case AUTHENTICATE -> authenticated(command, out.buffer());
      case FLUSH_ALL, LIST_KEYS, LOCAL, QUIT -> local(command, out.buffer());
    }
  }

  private static void fetched(McCommand command, ReplyOutput out) {
    if (command.status() != McStatus.FETCHED) {
      failed(command, command.status(), out.buffer());
      return;
    }
    FoundItems hits = command.outcome().found();
    KeyList keys = command.request().keys();
    boolean withKey = BinaryOpcode.repeatsKey(command.form().mark());
    int keyBytes = withKey ? keys.clientKeyLength(0) : 0;
    if (!hits.has(0)) {
      missed(command, withKey, out.buffer());
      return;
    }
    ByteBuf value = hits.value(0);
    ByteBuf buffer = out.buffer();
    int body = FLAGS_BYTES + keyBytes + value.readableBytes();
    header(command, 0, FLAGS_BYTES, keyBytes, body, hits.cas(0), buffer);
    buffer.writeInt(hits.flags(0));
    buffer.writeBytes(keys.bytes(), keys.clientKeyStart(0), keyBytes);
    out.value(value);
  }

  private static void missed(McCommand command, boolean withKey, ByteBuf out) {
    if (command.form().isQuiet()) {
      return;
    }
    if (!withKey) {
      failed(command, McStatus.NOT_FOUND, out);
      return;
    }
    KeyList keys = command.request().keys();
    int keyBytes = keys.clientKeyLength(0);
    header(command, McStatus.NOT_FOUND.binaryCode(), 0, keyBytes, keyBytes, 0, out);
    out.writeBytes(keys.bytes(), keys.clientKeyStart(0), keyBytes);
  }

  private static void touched(McCommand command, ByteBuf out) {
    if (command.status() != McStatus.TOUCHED) {
      failed(command, command.status(), out);
      return;
    }
    header(command, 0, FLAGS_BYTES, 0, FLAGS_BYTES, command.outcome().casUnique(), out);
    out.writeInt(command.outcome().found().has(0) ? command.outcome().found().flags(0) : 0);
  }

  private static void written(McCommand command, ByteBuf out) {
    McStatus status = command.status();
    if (status != McStatus.STORED && status != McStatus.DELETED) {
      failed(command, refusal(command, status), out);
    } else if (!command.form().isQuiet()) {
      long cas = status == McStatus.STORED ? command.outcome().casUnique() : 0;
      header(command, 0, 0, 0, 0, cas, out);
    }
  }

  /** An add that finds a record, and a replace that finds none, have statuses of their own. */
  private static McStatus refusal(McCommand command, McStatus status) {
    if (status != McStatus.NOT_STORED) {
      return status;
    }
    return switch (command.operation()) {
      case ADD -> McStatus.EXISTS;
      case REPLACE -> McStatus.NOT_FOUND;
      default -> status;
    };
  }

  private static void counted(McCommand command, ByteBuf out) {
    if (command.status() != McStatus.COUNTED) {
      failed(command, command.status(), out);
    } else if (!command.form().isQuiet()) {
      header(command, 0, 0, 0, Long.BYTES, command.outcome().casUnique(), out);
      out.writeLong(command.outcome().number());
    }
  }

  private static void local(McCommand command, ByteBuf out) {
    McStatus status = command.status();
    if (status.binaryCode() != 0) {
      failed(command, status, out);
    } else if (!command.form().isQuiet()) {
      byte[] text = status == McStatus.TEXT ? command.text() : NOTHING;
      header(command, 0, 0, 0, text.length, 0, out);
      out.writeBytes(text);
    }
  }

  private static void authenticated(McCommand command, ByteBuf out) {
    if (command.status() != McStatus.AUTHENTICATED) {
      failed(command, command.status(), out);
      return;
    }
    header(command, 0, 0, 0, AUTHENTICATED.length, 0, out);
    out.writeBytes(AUTHENTICATED);
  }

  private static void failed(McCommand command, McStatus status, ByteBuf out) {
    byte[] text = FailureText.binary(status, command.outcome().reason());
    byte[] body = text == null ? NOTHING : text;
    header(command, status.binaryCode(), 0, 0, body.length, 0, out);
    out.writeBytes(body);
  }

  private static void stats(McCommand command, ByteBuf out) {
    List<Stat> stats = command.stats();
    if (stats == null) {
      local(command, out);
      return;
    }
    for (Stat stat : stats) {
      byte[] name = stat.name().getBytes(StandardCharsets.UTF_8);
      byte[] value = stat.value().getBytes(StandardCharsets.UTF_8);
      header(command, 0, 0, name.length, name.length + value.length, 0, out);
      out.writeBytes(name);
      out.writeBytes(value);
    }
    header(command, 0, 0, 0, 0, 0, out);
  }

  private static void header(
      McCommand command, int status, int extras, int key, int body, long cas, ByteBuf out) {
    out.ensureWritable(24);
    out.writeByte(RESPONSE_MAGIC);
    out.writeByte(command.form().mark());
    out.writeShort(key);
    out.writeByte(extras);
    out.writeByte(0);
    out.writeShort(status);
    out.writeInt(body);
    out.writeInt(command.form().opaque());
    out.writeLong(cas);
  }
}
