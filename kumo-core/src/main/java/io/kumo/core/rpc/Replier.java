package io.kumo.core.rpc;

import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Limits;
import io.kumo.core.protocol.wire.Frames;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers one request, once, at once or later. Confined to the loop. An answer to a connection that
 * is gone is dropped.
 */
public final class Replier {
  private static final int LIFETIME_MS =
      (int) TimeUnit.NANOSECONDS.toMillis(Limits.REQUEST_LIFETIME_NS);

  private static final int UNANSWERED = -1;

  private final RpcConnection connection;
  private final int messageId;
  private final int sinceMs;

  /** Where the answer begins in the outbound buffer. */
  private int answerIndex = UNANSWERED;

  private @Nullable Consumer<String> hearer;

  /**
   * @param sinceNs when the request had been received
   */
  Replier(RpcConnection connection, int messageId, long sinceNs) {
    this.connection = connection;
    this.messageId = messageId;
    this.sinceMs = millis(sinceNs);
  }

  /** Wraps around; differences count. */
  private static int millis(long nanos) {
    return (int) TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  /**
   * Whether anybody may still wait for the answer. Not when the connection is gone, and not after
   * {@link Limits#REQUEST_LIFETIME_NS}: what has not begun by then need not begin.
   */
  public boolean isWanted() {
    return connection.isOpen() && millis(connection.nanoTime()) - sinceMs < LIFETIME_MS;
  }

  /**
   * Runs what appends an answer of any size: at once, or when the caller has taken the ones before
   * it; never when its connection ends before.
   */
  public void whenTaken(Runnable answer) {
    connection.whenTaken(answer);
  }

  /**
   * Has somebody hear of the answer as it is given: of the error, or of an empty text.
   *
   * @param error told once, unless the request is never answered
   */
  public void whenAnswered(Consumer<String> error) {
    hearer = error;
  }

  private void tell(String error) {
    Consumer<String> told = hearer;
    hearer = null;
    if (told != null) {
      told.accept(error);
    }
  }

  /**
   * Starts a successful answer. Lends the outbound buffer: the caller appends exactly one
   * MessagePack object, at once.
   */
  public ByteBuf begin() {
    ByteBuf out = answer();
    Frames.responseHeader(out, messageId);
    tell("");
    return out;
  }

  /**
   * Undoes {@link #begin}, in the same call: the answer comes later after all.
   *
   * @param out what {@link #begin} lent
   */
  public void takeBack(ByteBuf out) {
    out.writerIndex(answerIndex);
    answerIndex = UNANSWERED;
  }

  public void nil() {
    MsgPack.writeNil(begin());
  }

  public void bool(boolean value) {
    MsgPack.writeBool(begin(), value);
  }

  /** {@code value} is an unsigned 64-bit number. */
  public void unsigned(long value) {
    MsgPack.writeUnsigned(begin(), value);
  }

  /** Borrows the readable bytes of {@code value}. */
  public void raw(ByteBuf value) {
    MsgPack.writeRaw(begin(), value);
  }

  public void error(ErrorCode code) {
    tell(code.toString());
    Frames.errorResponse(answer(), messageId, code);
  }

  /** Answers with a text in place of an error number, as the original does for one case. */
  public void errorText(String text) {
    tell(text);
    Frames.errorResponse(answer(), messageId, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Answers {@code true} as the error, as the original's failed backup does. */
  public void errorTrue() {
    Frames.trueErrorResponse(answer(), messageId);
  }

  Caller caller() {
    return connection;
  }

  public boolean isAnswered() {
    return answerIndex != UNANSWERED;
  }

  private ByteBuf answer() {
    if (isAnswered()) {
      throw new IllegalStateException("answered twice: message " + messageId);
    }
    ByteBuf out = connection.out();
    answerIndex = out.writerIndex();
    return out;
  }
}
