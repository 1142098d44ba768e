package io.kumo.core.route;

import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Limits;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.extended.ExtMultiGet;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.rpc.ReplyHandler;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The reads that one batch of events brought for one server: one message, one answer, whichever
 * clients they come from. Reused.
 *
 * <p>Invariant: every read in it hears of its outcome exactly once, in order; {@code done} counts
 * those that have. Confined to its event loop.
 */
final class ReadBatch implements Message, ReplyHandler {
  private static final int FIRST_CALLS = 32;

  private final ReadBatches owner;
  private @Nullable ReadCall[] calls = new ReadCall[FIRST_CALLS];
  private int size;
  private int done;
  private int copies;

  ReadBatch(ReadBatches owner) {
    this.owner = owner;
  }

  void add(ReadCall call) {
    if (size == calls.length) {
      calls = Arrays.copyOf(calls, 2 * size);
    }
    calls[size++] = call;
    copies += call.hasCopy() ? 1 : 0;
  }

  boolean isFull() {
    return size == Limits.MAX_MULTI_GET_KEYS;
  }

  void send(Target target) {
    dropAbandoned();
    if (size == 0) {
      free();
    } else if (size == 1) {
      ReadCall only = call(0);
      free();
      only.sendAlone(target);
    } else {
      for (int i = 0; i < size; i++) {
        call(i).countAttempt();
      }
      target.peer().call(this, ReadCall.ATTEMPT_NS, this);
    }
  }

  private void dropAbandoned() {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      ReadCall call = call(i);
      if (call.isAbandoned()) {
        copies -= call.hasCopy() ? 1 : 0;
        call.abandon();
      } else {
        calls[kept++] = call;
      }
    }
    Arrays.fill(calls, kept, size, null);
    size = kept;
  }

  @Override
  public Method method() {
    return Method.EXT_MULTI_GET;
  }

  @Override
  public void encode(ByteBuf out) {
    ExtMultiGet.encodeHead(out, size, copies > 0);
    for (int i = 0; i < size; i++) {
      call(i).writeKey(out);
    }
    if (copies > 0) {
      MsgPack.writeArrayHeader(out, size);
      for (int i = 0; i < size; i++) {
        MsgPack.writeUnsigned(out, call(i).copyClockTime());
      }
    }
  }

  @Override
  public void reply(ByteBuf result) throws MalformedMessageException {
    MsgPack.readArrayHeader(result, size);
    while (done < size) {
      ReadCall call = call(done);
      if (MsgPack.tryReadNil(result)) {
        done++;
        call.absent();
      } else if (MsgPack.isBool(result)) {
        boolean good = MsgPack.readBool(result);
        done++;
        if (good && call.hasCopy()) {
          call.copyIsGood();
        } else {
          call.again();
        }
      } else {
        int length = MsgPack.readRawLength(result);
        done++;
        call.found(result, length);
      }
    }
    free();
  }

  /** Each read goes its own way from here. */
  @Override
  public void error(ErrorCode code, String detail) {
    while (done < size) {
      call(done++).error(code, detail);
    }
    free();
  }

  private ReadCall call(int index) {
    return Objects.requireNonNull(calls[index]);
  }

  private void free() {
    Arrays.fill(calls, 0, size, null);
    size = 0;
    done = 0;
    copies = 0;
    owner.reuse(this);
  }
}
