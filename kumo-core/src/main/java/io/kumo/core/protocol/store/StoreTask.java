package io.kumo.core.protocol.store;

import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.netty.buffer.ByteBuf;

/**
 * The long work on a store that runs, or ran last: {@code [name, state, done, total, detail]}.
 *
 * @param name {@code compact} or {@code backup SUFFIX}; empty when there has been none
 * @param state 0 none, 1 running, 2 done, 3 failed
 * @param done of {@code total} steps
 * @param detail where a backup is, or why the work failed
 */
public record StoreTask(String name, int state, int done, int total, String detail) {
  public static final int NO_TASK = 0;
  public static final int RUNNING = 1;
  public static final int DONE = 2;
  public static final int FAILED = 3;

  public static final StoreTask NONE = new StoreTask("", NO_TASK, 0, 0, "");

  private static final int LENGTH = 5;

  static StoreTask read(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    String name = RawStrings.readText(in);
    int state = MsgPack.readU32(in);
    int done = MsgPack.readU32(in);
    int total = MsgPack.readU32(in);
    return new StoreTask(name, state, done, total, RawStrings.readText(in));
  }

  void write(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    RawStrings.writeText(out, name);
    MsgPack.writeU32(out, state);
    MsgPack.writeU32(out, done);
    MsgPack.writeU32(out, total);
    RawStrings.writeText(out, detail);
  }
}
