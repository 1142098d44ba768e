package io.kumo.manager.session;

import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.rpc.ReplyHandler;
import io.netty.buffer.ByteBuf;
import java.util.function.BiConsumer;

/** An answer of which one part matters. */
public final class ReplyHandlers {
  private ReplyHandlers() {}

  /** Reads a result; borrows it for the length of the call. */
  public interface Reader {
    void read(ByteBuf result) throws MalformedMessageException;
  }

  public static ReplyHandler of(Reader success, BiConsumer<ErrorCode, String> failure) {
    return new ReplyHandler() {
      @Override
      public void reply(ByteBuf result) throws MalformedMessageException {
        success.read(result);
      }

      @Override
      public void error(ErrorCode code, String detail) {
        failure.accept(code, detail);
      }
    };
  }

  /** Runs once, whatever the answer. */
  public static ReplyHandler then(Runnable done) {
    return of(result -> done.run(), (code, detail) -> done.run());
  }

  /** For answers that change nothing. */
  public static ReplyHandler ignored() {
    return then(() -> {});
  }
}
