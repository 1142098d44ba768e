package io.kumo.gateway.memcached.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.kumo.core.protocol.Limits;
import io.kumo.gateway.auth.Login;
import io.kumo.gateway.memcached.CommandPool;
import io.kumo.gateway.memcached.Line;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McOperation;
import io.kumo.gateway.memcached.McStatus;
import io.kumo.gateway.memcached.Numbers;
import io.kumo.gateway.memcached.PendingValue;
import io.kumo.gateway.memcached.RequestDecoder;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a client of text has to say before anything else: a {@code set} of any key, with {@code NAME
 * PASSWORD} as the value. All else is refused in the words of memcached 1.6.18, and from then on
 * {@link TextDecoder} decodes. Confined to its event loop.
 */
public final class TextLogin implements RequestDecoder {
  /** A line this long without an end is none. */
  private static final int MAX_UNFINISHED_LINE_BYTES = 2048;

  private static final byte[] SET = "set".getBytes(StandardCharsets.US_ASCII);
  private static final int LENGTH_TOKEN = 4;
  private static final int LINE_END_BYTES = 2;
  private static final long NO_BLOCK = -1;
  private static final long MAX_UNSIGNED_32 = 0xFFFF_FFFFL;

  private final CommandPool pool;
  private final Line line;
  private final Login login;
  private final RequestDecoder known;
  private final Numbers numbers = new Numbers();
  private long blockBytes = NO_BLOCK;
  private boolean finished;

  /**
   * @param line shared by the connections of the loop
   * @param known decodes once the client has said who it is
   */
  public TextLogin(CommandPool pool, Line line, Login login, RequestDecoder known) {
    this.pool = pool;
    this.line = line;
    this.login = login;
    this.known = known;
  }

  @Override
  public @Nullable McCommand decode(ByteBuf in) {
    if (login.wasKnown()) {
      return known.decode(in);
    }
    if (finished) {
      in.skipBytes(in.readableBytes());
      return null;
    }
    return blockBytes == NO_BLOCK ? readLine(in) : readBlock(in);
  }

  private @Nullable McCommand readLine(ByteBuf in) {
    int found = in.bytesBefore((byte) '\n');
    if (found < 0 || in.readableBytes() < 2) {
      finished = found < 0 && in.readableBytes() > MAX_UNFINISHED_LINE_BYTES;
      return null;
    }
    line.load(in, Math.min(found, Limits.MAX_LOGIN_BYTES));
    in.skipBytes(found + 1);
    long length = valueLength();
    if (!numbers.isValid()) {
      return begin(McOperation.LOCAL).answer(McStatus.UNAUTHENTICATED);
    }
    // Of 32 bits, as memcached counts.
    blockBytes = length + LINE_END_BYTES & MAX_UNSIGNED_32;
    return readBlock(in);
  }

  private long valueLength() {
    boolean set = line.count() > LENGTH_TOKEN && line.is(0, SET);
    int start = set ? line.start(LENGTH_TOKEN) : 0;
    return numbers.unsigned64(line.bytes(), start, set ? line.end(LENGTH_TOKEN) : 0);
  }

  /** One that is longer than memcached's buffer never comes to its end. */
  private @Nullable McCommand readBlock(ByteBuf in) {
    if (in.readableBytes() < blockBytes) {
      finished = in.readableBytes() >= Limits.MAX_LOGIN_BYTES;
      return null;
    }
    int length = (int) blockBytes;
    int start = in.readerIndex();
    blockBytes = NO_BLOCK;
    in.skipBytes(length);
    boolean ended =
        length >= LINE_END_BYTES
            && in.getByte(start + length - 2) == '\r'
            && in.getByte(start + length - 1) == '\n';
    if (!ended) {
      return begin(McOperation.LOCAL).answer(McStatus.BAD_TERMINATION);
    }
    line.load(in.slice(start, length), length - LINE_END_BYTES);
    if (line.count() < 2) {
      return begin(McOperation.LOCAL).answer(McStatus.BAD_CREDENTIALS);
    }
    byte[] password = new byte[line.length(1)];
    System.arraycopy(line.bytes(), line.start(1), password, 0, password.length);
    login.offer(new String(line.bytes(), line.start(0), line.length(0), ISO_8859_1), password);
    return begin(McOperation.AUTHENTICATE);
  }

  private McCommand begin(McOperation operation) {
    McCommand command = pool.take();
    command.begin(operation, TextReplies.INSTANCE);
    return command;
  }

  @Override
  public boolean isFinished() {
    return finished || known.isFinished();
  }

  @Override
  public int heldBytes() {
    return known.heldBytes();
  }

  @Override
  public PendingValue pendingValue() {
    return known.pendingValue();
  }

  @Override
  public boolean speaksLines() {
    return true;
  }

  @Override
  public void close() {
    finished = true;
    known.close();
  }
}
