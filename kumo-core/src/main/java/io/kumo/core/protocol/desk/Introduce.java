package io.kumo.core.protocol.desk;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.netty.buffer.ByteBuf;

/**
 * kumoctl tells a manager who gives the orders that follow on this connection: {@code [who,
 * command, outcome]}. The result is nil. It is believed, as the orders themselves are.
 *
 * @param who user and machine
 * @param command as it was typed
 * @param outcome what came of it, where the manager itself was ordered nothing; else empty
 */
public record Introduce(String who, String command, String outcome) implements Message {
  /** Characters of each text that are kept. */
  public static final int MAX_CHARS = 500;

  private static final int LENGTH = 3;

  public Introduce {
    who = cut(who);
    command = cut(command);
    outcome = cut(outcome);
  }

  private static String cut(String text) {
    return text.length() <= MAX_CHARS ? text : text.substring(0, MAX_CHARS);
  }

  public static Introduce decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    return new Introduce(RawStrings.readText(in), RawStrings.readText(in), RawStrings.readText(in));
  }

  @Override
  public Method method() {
    return Method.INTRODUCE;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    RawStrings.writeText(out, who);
    RawStrings.writeText(out, command);
    RawStrings.writeText(out, outcome);
  }
}
