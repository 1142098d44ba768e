package io.kumo.core.protocol.desk;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.netty.buffer.ByteBuf;
import java.util.EnumSet;
import java.util.Set;

/**
 * A tool has a manager ask a gateway, which has no port of its own for that, over the connection by
 * which the gateway has come: {@code [from, method, params]}. The result is that of the method.
 *
 * @param from where the gateway's connection to this manager comes from, as {@link
 *     io.kumo.core.protocol.status.Gateways} tells it
 * @param question one of {@link #QUESTIONS}
 */
public record AskGateway(String from, Message question) implements Message {
  /** What may be asked of a gateway. */
  public static final Set<Method> QUESTIONS =
      EnumSet.of(Method.GET_CONFIG, Method.CHANGE_CONFIG, Method.SET_LOG_LEVEL);

  private static final int LENGTH = 3;

  public static AskGateway decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    String from = RawStrings.readText(in);
    Method asked = Method.byId(MsgPack.readU32(in));
    if (asked == null || !QUESTIONS.contains(asked)) {
      throw new MalformedMessageException("no question for gateways: " + asked);
    }
    return new AskGateway(from, asked.decode(MsgPack.readObject(in)));
  }

  @Override
  public Method method() {
    return Method.ASK_GATEWAY;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    RawStrings.writeText(out, from);
    MsgPack.writeU32(out, question.method().id());
    question.encode(out);
  }
}
