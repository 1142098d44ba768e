package io.kumo.core.protocol.desk;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.Ids;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/**
 * kumoctl has a manager or server log more, or less, for a while: {@code [level, milliseconds]}.
 * The result is nil.
 *
 * @param forMs after which what it logged before counts again
 */
public record SetLogLevel(Level level, long forMs) implements Message {
  /** A day. */
  public static final long MAX_MS = 86_400_000;

  private static final int LENGTH = 2;

  /** From which on lines are written. */
  public enum Level {
    ERROR(1),
    WARN(2),
    INFO(3),
    DEBUG(4),
    TRACE(5);

    private static final Level[] BY_ID = values();

    private final int id;

    Level(int id) {
      this.id = id;
    }

    private static Level byId(long id) throws MalformedMessageException {
      return Ids.findFromOne(BY_ID, id, "log level");
    }
  }

  public static SetLogLevel decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    Level level = Level.byId(MsgPack.readUnsigned(in));
    long forMs = MsgPack.readUnsigned(in);
    if (forMs < 1 || forMs > MAX_MS) {
      throw new MalformedMessageException("a log level for too long");
    }
    return new SetLogLevel(level, forMs);
  }

  @Override
  public Method method() {
    return Method.SET_LOG_LEVEL;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeUnsigned(out, level.id);
    MsgPack.writeUnsigned(out, forMs);
  }
}
