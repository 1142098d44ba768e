package io.kumo.core.protocol.desk;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.Ids;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/**
 * kumoctl has a rebalance wait, go on, be put back or go slower: {@code [step, bytes a second]}.
 * The result is nil.
 *
 * @param bytesPerSecond for {@link Step#THROTTLE}: of each server; 0 for what its command line says
 */
public record SteerRebalance(Step step, long bytesPerSecond) implements Message {
  private static final int LENGTH = 2;

  /** What is to be done with it. */
  public enum Step {
    /** Move no records until {@link #RESUME}, in this rebalance and in those that begin. */
    PAUSE(1),
    /** Go on. */
    RESUME(2),
    /** Give up the new layout and go back to the former one. */
    CANCEL(3),
    /** Send no more than so much. */
    THROTTLE(4);

    private static final Step[] BY_ID = values();

    private final int id;

    Step(int id) {
      this.id = id;
    }

    private static Step byId(long id) throws MalformedMessageException {
      return Ids.findFromOne(BY_ID, id, "step of a rebalance");
    }
  }

  public SteerRebalance(Step step) {
    this(step, 0);
  }

  public static SteerRebalance decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    Step step = Step.byId(MsgPack.readUnsigned(in));
    long rate = MsgPack.readUnsigned(in);
    if (rate < 0) {
      throw new MalformedMessageException("a rebalance that is too fast");
    }
    return new SteerRebalance(step, rate);
  }

  @Override
  public Method method() {
    return Method.STEER_REBALANCE;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeUnsigned(out, step.id);
    MsgPack.writeUnsigned(out, bytesPerSecond);
  }
}
