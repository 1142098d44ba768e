package io.kumo.server.transfer;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.Link;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sending end of one offer. Records may be added before the receiver has come to fetch them;
 * what is not yet on the network is bounded by whoever adds: see {@link #isReady}.
 *
 * <p>The receiver answers an empty array after every {@link #PAIRS_PER_SIGN} pairs that it has
 * stored, and a nil after the last, as kumofs 0.4.13 does. Confined to the stream loop.
 */
final class OutgoingStream implements AutoCloseable {
  /** Pairs after which a receiver sends a heartbeat. */
  static final int PAIRS_PER_SIGN = 100;

  /** How long a receiver may take to connect, or to send a heartbeat. */
  static final long PATIENCE_NS = Duration.ofSeconds(60).toNanos();

  private static final int SIGN_OF_LIFE = 0x90;
  private static final int ALL_STORED = 0xc0;

  private static final Logger log = LoggerFactory.getLogger(OutgoingStream.class);

  /** How far it is. */
  enum StreamState {
    /** The receiver has not connected yet. */
    OFFERED,
    /** Records flow. */
    STREAMING,
    /** Everything is sent, and not yet all of it stored. */
    ENDING,
    /** The receiver has stored everything. */
    DONE,
    /** It broke; what was acknowledged is stored. */
    FAILED
  }

  private final NodeAddress target;
  private final long limitBytes;
  private final Runnable changed;
  private final PairDeflater deflater = new PairDeflater();
  private final ByteBuf early = Unpooled.buffer();
  private StreamState state = StreamState.OFFERED;
  private @Nullable Link link;
  private boolean ended;
  private long pairs;
  private long acknowledged;
  private long heardNs;

  /**
   * @param limitBytes of compressed data that may wait for the network
   * @param changed run when it is done or has failed
   */
  OutgoingStream(NodeAddress target, long limitBytes, long nowNs, Runnable changed) {
    this.target = target;
    this.limitBytes = limitBytes;
    this.changed = changed;
    this.heardNs = nowNs;
  }

  NodeAddress target() {
    return target;
  }

  StreamState state() {
    return state;
  }

  /** Pairs added so far. */
  long pairs() {
    return pairs;
  }

  /** Pairs that the receiver is known to have stored. */
  long acknowledged() {
    return acknowledged;
  }

  /** Whether more may be added now. */
  boolean isReady() {
    long waiting = link == null ? early.readableBytes() : link.pendingBytes();
    return waiting < limitBytes;
  }

  /** Borrows both. */
  void add(ByteBuf rawKey, ByteBuf rawValue) {
    deflater.add(rawKey, rawValue, out());
    pairs++;
  }

  /** Sends what is held back for better compression, so that the receiver has something to do. */
  void flush() {
    if (!ended && state == StreamState.STREAMING) {
      deflater.flush(out());
    }
  }

  /** No more pairs follow. */
  void end() {
    ended = true;
    deflater.finish(out());
    if (state == StreamState.STREAMING) {
      state = StreamState.ENDING;
    }
  }

  private ByteBuf out() {
    return link == null ? early : link.out();
  }

  /** The receiver has come to fetch. */
  void connected(Link opened, long nowNs) {
    link = opened;
    heardNs = nowNs;
    state = ended ? StreamState.ENDING : StreamState.STREAMING;
    opened.out().writeBytes(early);
  }

  /** Consumes {@code in}, which it borrows: heartbeats and the final answer. */
  void received(ByteBuf in, long nowNs) {
    heardNs = nowNs;
    while (in.isReadable() && !isOver()) {
      int sign = in.readUnsignedByte();
      if (sign == SIGN_OF_LIFE) {
        acknowledged = Math.min(pairs, acknowledged + PAIRS_PER_SIGN);
      } else if (sign == ALL_STORED && state == StreamState.ENDING) {
        acknowledged = pairs;
        over(StreamState.DONE);
      } else {
        fail("it answered 0x" + Integer.toHexString(sign));
      }
    }
    in.skipBytes(in.readableBytes());
  }

  /** Gives up on a receiver that shows no life. */
  void tick(long nowNs) {
    boolean owesSign = state != StreamState.STREAMING || pairs - acknowledged >= PAIRS_PER_SIGN;
    if (!isOver() && owesSign && nowNs - heardNs >= PATIENCE_NS) {
      fail("no heartbeat for " + Duration.ofNanos(PATIENCE_NS).toSeconds() + " s");
    }
  }

  void fail(String reason) {
    if (!isOver()) {
      log.warn("the stream of records to {} failed: {}", target, reason);
      over(StreamState.FAILED);
    }
  }

  boolean isOver() {
    return state == StreamState.DONE || state == StreamState.FAILED;
  }

  private void over(StreamState last) {
    state = last;
    close();
    changed.run();
  }

  /** Ends it without telling; idempotent. */
  @Override
  public void close() {
    if (early.refCnt() > 0) {
      early.release();
      deflater.close();
    }
    if (link != null) {
      link.close();
    }
    state = state == StreamState.DONE ? StreamState.DONE : StreamState.FAILED;
  }
}
