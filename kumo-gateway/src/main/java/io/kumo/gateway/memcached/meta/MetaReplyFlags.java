package io.kumo.gateway.memcached.meta;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.route.request.FoundItems;
import io.kumo.core.route.request.KeyList;
import io.kumo.gateway.memcached.Digits;
import io.kumo.gateway.memcached.Line;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McOperation;
import io.kumo.gateway.memcached.McStatus;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** What a meta reply says beside its code: the flags of the request, in their order. */
final class MetaReplyFlags {
  private static final byte[] BINARY_MARK = {' ', 'b'};
  private static final byte[] UNLIMITED = {'-', '1'};

  private final TimeSource time;

  MetaReplyFlags(TimeSource time) {
    this.time = time;
  }

  /** Writes them all; {@code value} is borrowed, and null when there is none. */
  void write(McCommand command, ByteBuf out, MetaAnswer answer, @Nullable ByteBuf value) {
    byte[] flags = command.form().echo();
    int length = command.form().echoLength();
    int at = 0;
    while (at < length) {
      int end = at;
      while (end < length && flags[end] != ' ') {
        end++;
      }
      if (end > at) {
        flag(command, flags[at], at, end, out, answer, value);
      }
      at = end + 1;
    }
  }

  private void flag(
      McCommand command,
      byte flag,
      int start,
      int end,
      ByteBuf out,
      MetaAnswer answer,
      @Nullable ByteBuf value) {
    switch (flag) {
      case 'O' -> {
        out.writeByte(' ');
        out.writeBytes(command.form().echo(), start, end - start);
      }
      case 'k' -> {
        out.writeShort(' ' << 8 | 'k');
        boolean binary = answer == MetaAnswer.ITEM ? isBinary(command) : asksFor(command, 'b');
        key(command, binary, out);
        out.writeBytes(BINARY_MARK, 0, binary ? 2 : 0);
      }
      case 'c' -> cas(command, out, answer);
      case 's' -> size(command, out, answer, value);
      case 't' -> {
        if (answer == MetaAnswer.ITEM || answer == MetaAnswer.COUNTER) {
          out.writeShort(' ' << 8 | 't');
          timeToLive(command.outcome().found().expiry(0), out);
        }
      }
      default -> itemFlag(command, flag, out, answer);
    }
  }

  private static void itemFlag(McCommand command, byte flag, ByteBuf out, MetaAnswer answer) {
    if (answer != MetaAnswer.ITEM) {
      return;
    }
    switch (flag) {
      case 'f' -> {
        out.writeShort(' ' << 8 | 'f');
        Digits.write(out, Integer.toUnsignedLong(command.outcome().found().flags(0)));
      }
      // Neither hits nor access times are kept: that would be a write per read.
      case 'h', 'l' -> {
        out.writeShort(' ' << 8 | flag);
        out.writeByte('0');
      }
      default -> {}
    }
  }

  private static void cas(McCommand command, ByteBuf out, MetaAnswer answer) {
    if (answer == MetaAnswer.NOTHING || command.operation() == McOperation.DELETE) {
      return;
    }
    out.writeShort(' ' << 8 | 'c');
    boolean item = answer == MetaAnswer.ITEM;
    Digits.write(out, item ? command.outcome().found().cas(0) : command.outcome().casUnique());
  }

  private static void size(
      McCommand command, ByteBuf out, MetaAnswer answer, @Nullable ByteBuf value) {
    if (answer == MetaAnswer.ITEM && value != null) {
      out.writeShort(' ' << 8 | 's');
      Digits.write(out, value.readableBytes());
    } else if (answer == MetaAnswer.STORE && command.status() == McStatus.STORED) {
      out.writeShort(' ' << 8 | 's');
      Digits.write(out, command.outcome().number());
    }
  }

  /** Whether the request has this flag. */
  static boolean asksFor(McCommand command, char flag) {
    byte[] flags = command.form().echo();
    int length = command.form().echoLength();
    boolean first = true;
    for (int i = 0; i < length; i++) {
      if (first && flags[i] == flag) {
        return true;
      }
      first = flags[i] == ' ';
    }
    return false;
  }

  /**
   * Whether the item was stored under a key in base64, however it is asked for now, or under one
   * that no line can have.
   */
  static boolean isBinary(McCommand command) {
    KeyList keys = command.request().keys();
    return (command.outcome().found().state(0) & FoundItems.KEY_BASE64) != 0
        || !Line.isToken(keys.bytes(), keys.clientKeyStart(0), keys.clientKeyLength(0));
  }

  static void key(McCommand command, boolean binary, ByteBuf out) {
    KeyList keys = command.request().keys();
    int start = keys.clientKeyStart(0);
    int length = keys.clientKeyLength(0);
    if (binary) {
      Base64Key.encode(keys.bytes(), start, length, out);
    } else {
      out.writeBytes(keys.bytes(), start, length);
    }
  }

  /** Seconds from now to an expiry in unix seconds. */
  void timeToLive(long expiry, ByteBuf out) {
    if (expiry == 0) {
      out.writeBytes(UNLIMITED);
    } else {
      Digits.write(out, Math.max(0, expiry - time.unixMillis() / 1000));
    }
  }

  /** Says whether the item is stale, and who won the right to renew it. */
  static void state(int bits, ByteBuf out) {
    if ((bits & FoundItems.TOKEN_SENT) != 0) {
      out.writeShort(' ' << 8 | 'Z');
    }
    if ((bits & FoundItems.STALE) != 0) {
      out.writeShort(' ' << 8 | 'X');
    }
    if ((bits & FoundItems.WON) != 0) {
      out.writeShort(' ' << 8 | 'W');
    }
  }
}
