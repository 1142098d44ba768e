package io.kumo.gateway.memcached.text;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kumo.core.route.request.FoundItems;
import io.kumo.core.route.request.KeyList;
import io.kumo.gateway.memcached.Digits;
import io.kumo.gateway.memcached.FailureText;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McStatus;
import io.kumo.gateway.memcached.ReplyEncoder;
import io.kumo.gateway.memcached.ReplyOutput;
import io.kumo.gateway.memcached.Stat;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.List;

/** Replies of the classic text protocol. After {@code noreply} nothing is sent, errors included. */
public final class TextReplies implements ReplyEncoder {
  public static final TextReplies INSTANCE = new TextReplies();

  /** Reply form: the CAS follows the length of a value. */
  static final int WITH_CAS = 1;

  /** Reply form: keys are listed as meta gets. */
  public static final int AS_META = 2;

  static final byte[] META_END = "EN\r\n".getBytes(US_ASCII);
  private static final byte[] VALUE = "VALUE ".getBytes(US_ASCII);
  private static final byte[] END = "END\r\n".getBytes(US_ASCII);
  private static final int CRLF = '\r' << 8 | '\n';

  private TextReplies() {}

  @Override
  public void encode(McCommand command, ReplyOutput out) {
    if (command.form().isQuiet()) {
      return;
    }
    switch (command.operation()) {
      case QUIT -> {}
      case GET, GET_AND_TOUCH -> fetched(command, out);
      case STATS -> stats(command, out.buffer());
      case LIST_KEYS -> listed(command, out.buffer());
      default -> outcome(command, out.buffer());
    }
  }

  private static void outcome(McCommand command, ByteBuf out) {
    if (command.status() == McStatus.COUNTED) {
      Digits.write(out, command.outcome().number());
      out.writeShort(CRLF);
    } else if (command.status() == McStatus.TEXT) {
      out.writeBytes(command.text());
    } else {
      out.writeBytes(FailureText.line(command.status(), command.outcome().reason()));
    }
  }

  /** The keys were sent before. */
  private static void listed(McCommand command, ByteBuf out) {
    if (command.status() == McStatus.FETCHED && command.form().mark() == AS_META) {
      out.writeBytes(META_END);
    } else {
      outcome(command, out);
    }
  }

  private static void fetched(McCommand command, ReplyOutput out) {
    if (command.status() != McStatus.FETCHED) {
      outcome(command, out.buffer());
      return;
    }
    boolean withCas = command.form().mark() == WITH_CAS;
    int keys = command.request().keys().size();
    for (int i = 0; i < keys; i++) {
      if (command.outcome().found().has(i)) {
        hit(command.request().keys(), command.outcome().found(), i, withCas, out);
      }
    }
    out.buffer().writeBytes(END);
  }

  private static void hit(
      KeyList keys, FoundItems hits, int index, boolean withCas, ReplyOutput out) {
    ByteBuf value = hits.value(index);
    ByteBuf buffer = out.buffer();
    buffer.writeBytes(VALUE);
    buffer.writeBytes(keys.bytes(), keys.clientKeyStart(index), keys.clientKeyLength(index));
    buffer.writeByte(' ');
    Digits.write(buffer, Integer.toUnsignedLong(hits.flags(index)));
    buffer.writeByte(' ');
    Digits.write(buffer, value.readableBytes());
    if (withCas) {
      buffer.writeByte(' ');
      Digits.write(buffer, hits.cas(index));
    }
    buffer.writeShort(CRLF);
    out.value(value);
    out.buffer().writeShort(CRLF);
  }

  private static void stats(McCommand command, ByteBuf out) {
    List<Stat> stats = command.stats();
    if (stats == null) {
      outcome(command, out);
      return;
    }
    for (Stat stat : stats) {
      ByteBufUtil.writeUtf8(out, "STAT " + stat.name() + " " + stat.value() + "\r\n");
    }
    out.writeBytes(END);
  }
}
