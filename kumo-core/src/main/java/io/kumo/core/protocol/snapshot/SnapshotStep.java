package io.kumo.core.protocol.snapshot;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.Ids;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/**
 * A tool has a server take its part in a snapshot of the cluster: {@code [step, id, number]}. The
 * result is a {@link SnapshotState}.
 *
 * <p>Between the last server's answer to PAUSE and the first one's RESUME no server gives a
 * ClockTime to a write. So the greatest of the clocks that they answered divides all writes into
 * those before, which have ended everywhere, and those after, and nothing that was written after is
 * on the other side of what was written before.
 *
 * @param id drawn by the tool, not 0
 * @param number what the step says
 */
public record SnapshotStep(Step step, long id, long number) implements Message {
  private static final int LENGTH = 3;

  /** What is to be done. */
  public enum Step {
    /** Begin no write, for so many milliseconds; answered when none is under way any more. */
    PAUSE(1),
    /** While writes are paused: keep all records as of this ClockTime. */
    OPEN(2),
    /** Go on with writes; answered with whether they had been paused until now. */
    RESUME(3),
    /** Tell the state, and go on keeping. */
    LOOK(4),
    /** Go on with writes, and keep nothing any more. */
    CLOSE(5);

    private static final Step[] BY_ID = values();

    private final int id;

    Step(int id) {
      this.id = id;
    }

    private static Step byId(long id) throws MalformedMessageException {
      return Ids.findFromOne(BY_ID, id, "step of a snapshot");
    }
  }

  /** The same for a step without a number. */
  public SnapshotStep(Step step, long id) {
    this(step, id, 0);
  }

  public static SnapshotStep decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    Step step = Step.byId(MsgPack.readUnsigned(in));
    long id = MsgPack.readUnsigned(in);
    if (id == 0) {
      throw new MalformedMessageException("a snapshot without an id");
    }
    return new SnapshotStep(step, id, MsgPack.readUnsigned(in));
  }

  @Override
  public Method method() {
    return Method.SNAPSHOT_STEP;
  }

  @Override
  public long latestClockTime() {
    return step == Step.OPEN ? number : 0;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeUnsigned(out, step.id);
    MsgPack.writeUnsigned(out, id);
    MsgPack.writeUnsigned(out, number);
  }
}
