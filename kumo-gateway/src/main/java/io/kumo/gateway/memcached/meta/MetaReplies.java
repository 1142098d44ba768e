package io.kumo.gateway.memcached.meta;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.route.request.FoundItems;
import io.kumo.core.route.request.KeyOptions;
import io.kumo.gateway.memcached.Digits;
import io.kumo.gateway.memcached.FailureText;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McStatus;
import io.kumo.gateway.memcached.ReplyEncoder;
import io.kumo.gateway.memcached.ReplyOutput;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

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
  private static final int CRLF = '\r' << 8 | '\n';

  private final MetaReplyFlags flags;

  MetaReplies(TimeSource time) {
    this.flags = new MetaReplyFlags(time);
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
    flags.write(command, buffer, MetaAnswer.STORE, null);
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
    boolean withValue = MetaReplyFlags.asksFor(command, 'v') && !isKnown(command);
    ByteBuf buffer = out.buffer();
    if (withValue) {
      buffer.writeBytes(VALUE);
      Digits.write(buffer, value.readableBytes());
    } else {
      buffer.writeBytes(HEADER);
    }
    flags.write(command, buffer, MetaAnswer.ITEM, value);
    MetaReplyFlags.state(hits.state(0), buffer);
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
    flags.write(command, buffer, MetaAnswer.NOTHING, null);
    buffer.writeShort(CRLF);
  }

  private void counted(McCommand command, ReplyOutput out) {
    ByteBuf buffer = out.buffer();
    if (command.status() != McStatus.COUNTED) {
      buffer.writeBytes(command.status().metaCode());
      flags.write(command, buffer, MetaAnswer.NOTHING, null);
      buffer.writeShort(CRLF);
      return;
    }
    if (command.form().isQuiet()) {
      return;
    }
    boolean withValue = MetaReplyFlags.asksFor(command, 'v');
    if (withValue) {
      buffer.writeBytes(VALUE);
      Digits.write(buffer, Digits.length(command.outcome().number()));
    } else {
      buffer.writeBytes(HEADER);
    }
    flags.write(command, buffer, MetaAnswer.COUNTER, null);
    buffer.writeShort(CRLF);
    if (withValue) {
      Digits.write(buffer, command.outcome().number());
      buffer.writeShort(CRLF);
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
    MetaReplyFlags.key(command, MetaReplyFlags.isBinary(command), out);
    ByteBufUtil.writeAscii(out, " exp=");
    flags.timeToLive(command.outcome().found().expiry(0), out);
    ByteBufUtil.writeAscii(out, " la=0 cas=");
    Digits.write(out, command.outcome().found().cas(0));
    ByteBufUtil.writeAscii(out, " fetch=no cls=1 size=");
    Digits.write(
        out, command.outcome().found().value(0).readableBytes() + command.request().keys().end(0));
    out.writeShort(CRLF);
  }
}
