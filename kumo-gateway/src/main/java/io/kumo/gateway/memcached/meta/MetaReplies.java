package io.kumo.gateway.memcached.meta;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.route.request.FoundItems;
import io.kumo.core.route.request.KeyList;
import io.kumo.core.route.request.KeyOptions;
import io.kumo.gateway.memcached.Digits;
import io.kumo.gateway.memcached.FailureText;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McOperation;
import io.kumo.gateway.memcached.McStatus;
import io.kumo.gateway.memcached.ReplyEncoder;
import io.kumo.gateway.memcached.ReplyOutput;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

/**
 * Replies of the meta commands: a code and what the flags of the request ask for, in their order.
 * With {@code q} success and a miss of {@code mg} are silent; refusals never are.
 */
public final class MetaReplies implements ReplyEncoder {
  /** Reply form: the answer to {@code me}. */
  static final int DEBUG = 1;

  private static final byte[] VALUE = {'V', 'A', ' '};
  private static final byte[] DEBUGGED = {'M', 'E', ' '};
  private static final byte[] HEADER = {'H', 'D'};
  private static final byte[] BINARY_MARK = {' ', 'b'};
  private static final byte[] UNLIMITED = {'-', '1'};
  private static final int CRLF = '\r' << 8 | '\n';

  private final TimeSource time;

  MetaReplies(TimeSource time) {
    this.time = time;
  }

  @Override
  public boolean isMeta() {
    return true;
  }

  @Override
  public void encode(McCommand command, ReplyOutput out) {
    McStatus status = command.status();
    if (status.isError()) {
      out.buffer().writeBytes(FailureText.line(status, command.outcome().reason()));
      return;
    }
    switch (command.operation()) {
      case GET, META_GET -> fetched(command, out);
      case INCR, DECR -> counted(command, out);
      default -> outcome(command, out);
    }
  }

  private void outcome(McCommand command, ReplyOutput out) {
    McStatus status = command.status();
    boolean success = status == McStatus.STORED || status == McStatus.DELETED;
    if (success && command.form().isQuiet()) {
      return;
    }
    ByteBuf buffer = out.buffer();
    buffer.writeBytes(status.metaCode());
    flags(command, buffer, Answer.STORE, null);
    buffer.writeShort(CRLF);
  }

  private void fetched(McCommand command, ReplyOutput out) {
    if ((command.form().mark() & DEBUG) != 0) {
      debugged(command, out.buffer());
      return;
    }
    FoundItems hits = command.outcome().found();
    if (!hits.has(0)) {
      miss(command, out);
      return;
    }
    ByteBuf value = hits.value(0);
    boolean withValue = asksFor(command, 'v') && !isKnown(command);
    ByteBuf buffer = out.buffer();
    if (withValue) {
      buffer.writeBytes(VALUE);
      Digits.write(buffer, value.readableBytes());
    } else {
      buffer.writeBytes(HEADER);
    }
    flags(command, buffer, Answer.ITEM, value);
    state(hits.state(0), buffer);
    buffer.writeShort(CRLF);
    if (withValue) {
      out.value(value);
      out.buffer().writeShort(CRLF);
    }
  }

  /** Whether the client has said, with C, that it has this very value. */
  private static boolean isKnown(McCommand command) {
    return command.request().has(KeyOptions.COMPARE)
        && command.request().compare() == command.outcome().found().cas(0);
  }

  private void miss(McCommand command, ReplyOutput out) {
    if (command.form().isQuiet()) {
      return;
    }
    ByteBuf buffer = out.buffer();
    buffer.writeBytes(McStatus.FETCHED.metaCode());
    flags(command, buffer, Answer.NOTHING, null);
    buffer.writeShort(CRLF);
  }

  private void counted(McCommand command, ReplyOutput out) {
    ByteBuf buffer = out.buffer();
    if (command.status() != McStatus.COUNTED) {
      buffer.writeBytes(command.status().metaCode());
      flags(command, buffer, Answer.NOTHING, null);
      buffer.writeShort(CRLF);
      return;
    }
    if (command.form().isQuiet()) {
      return;
    }
    boolean withValue = asksFor(command, 'v');
    if (withValue) {
      buffer.writeBytes(VALUE);
      Digits.write(buffer, Digits.length(command.outcome().number()));
    } else {
      buffer.writeBytes(HEADER);
    }
    flags(command, buffer, Answer.COUNTER, null);
    buffer.writeShort(CRLF);
    if (withValue) {
      Digits.write(buffer, command.outcome().number());
      buffer.writeShort(CRLF);
    }
  }

  /** What a reply can say beside its code. */
  private enum Answer {
    /** Only what repeats the request. */
    NOTHING,
    /** The outcome of a store or a delete. */
    STORE,
    COUNTER,
    ITEM
  }

  private void flags(McCommand command, ByteBuf out, Answer answer, @Nullable ByteBuf value) {
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
      Answer answer,
      @Nullable ByteBuf value) {
    switch (flag) {
      case 'O' -> {
        out.writeByte(' ');
        out.writeBytes(command.form().echo(), start, end - start);
      }
      case 'k' -> {
        out.writeShort(' ' << 8 | 'k');
        boolean binary = answer == Answer.ITEM ? isBinary(command) : asksFor(command, 'b');
        key(command, binary, out);
        out.writeBytes(BINARY_MARK, 0, binary ? 2 : 0);
      }
      case 'c' -> cas(command, out, answer);
      case 's' -> size(command, out, answer, value);
      case 't' -> {
        if (answer == Answer.ITEM || answer == Answer.COUNTER) {
          out.writeShort(' ' << 8 | 't');
          timeToLive(command.outcome().found().expiry(0), out);
        }
      }
      default -> itemFlag(command, flag, out, answer);
    }
  }

  private static void itemFlag(McCommand command, byte flag, ByteBuf out, Answer answer) {
    if (answer != Answer.ITEM) {
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

  private static void cas(McCommand command, ByteBuf out, Answer answer) {
    if (answer == Answer.NOTHING || command.operation() == McOperation.DELETE) {
      return;
    }
    out.writeShort(' ' << 8 | 'c');
    boolean item = answer == Answer.ITEM;
    Digits.write(out, item ? command.outcome().found().cas(0) : command.outcome().casUnique());
  }

  private static void size(McCommand command, ByteBuf out, Answer answer, @Nullable ByteBuf value) {
    if (answer == Answer.ITEM && value != null) {
      out.writeShort(' ' << 8 | 's');
      Digits.write(out, value.readableBytes());
    } else if (answer == Answer.STORE && command.status() == McStatus.STORED) {
      out.writeShort(' ' << 8 | 's');
      Digits.write(out, command.outcome().number());
    }
  }

  /** Whether the item was stored under a key in base64, however it is asked for now. */
  private static boolean isBinary(McCommand command) {
    return (command.outcome().found().state(0) & FoundItems.KEY_BASE64) != 0;
  }

  private static void key(McCommand command, boolean binary, ByteBuf out) {
    KeyList keys = command.request().keys();
    int start = keys.clientKeyStart(0);
    int length = keys.clientKeyLength(0);
    if (binary) {
      Base64Key.encode(keys.bytes(), start, length, out);
    } else {
      out.writeBytes(keys.bytes(), start, length);
    }
  }

  private void timeToLive(long expiry, ByteBuf out) {
    if (expiry == 0) {
      out.writeBytes(UNLIMITED);
    } else {
      Digits.write(out, Math.max(0, expiry - time.unixMillis() / 1000));
    }
  }

  private static void state(int bits, ByteBuf out) {
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

  /** What this gateway knows of an item; times of access and slab classes it has none. */
  private void debugged(McCommand command, ByteBuf out) {
    if (!command.outcome().found().has(0)) {
      out.writeBytes(McStatus.FETCHED.metaCode());
      out.writeShort(CRLF);
      return;
    }
    out.writeBytes(DEBUGGED);
    key(command, isBinary(command), out);
    ByteBufUtil.writeAscii(out, " exp=");
    timeToLive(command.outcome().found().expiry(0), out);
    ByteBufUtil.writeAscii(out, " la=0 cas=");
    Digits.write(out, command.outcome().found().cas(0));
    ByteBufUtil.writeAscii(out, " fetch=no cls=1 size=");
    Digits.write(
        out, command.outcome().found().value(0).readableBytes() + command.request().keys().end(0));
    out.writeShort(CRLF);
  }

  private static boolean asksFor(McCommand command, char flag) {
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
}
