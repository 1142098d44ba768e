package io.kumo.server.transfer;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.clock.HybridClock;
import io.kumo.core.item.RawKey;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.Link;
import io.kumo.core.transport.LinkListener;
import io.kumo.core.transport.Transport;
import io.kumo.server.dedup.DedupCoverage;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The receiving end of one offer: fetches the records and stores those that are newer than what is
 * there. Answers the final nil only when they are as durable as the fsync policy asks. Confined to
 * the stream loop.
 */
public final class IncomingStream implements LinkListener {
  private static final Logger log = LoggerFactory.getLogger(IncomingStream.class);

  private static final long CONNECT_TIMEOUT_NS = Duration.ofSeconds(10).toNanos();

  /**
   * After so long a stream is given up for another offer of its source: the machine at its other
   * end may have lost power or been cut off, of which nothing tells a receiver.
   */
  private static final long SILENCE_NS = Duration.ofSeconds(15).toNanos();

  private static final long BUSY_NS = Duration.ofMillis(1).toNanos();

  private static final int SIGN_OF_LIFE = 0x90;
  private static final int ALL_STORED = 0xc0;

  private final Transport transport;
  private final NodeAddress self;
  private final NodeAddress source;
  private final Store store;
  private final HybridClock clock;
  private final DedupCoverage coverage;
  private final Consumer<IncomingStream> over;
  private final PairInflater inflater = new PairInflater();

  /** What came before the link stopped to read; no more than one read brings. */
  private final ByteBuf held = Unpooled.buffer();

  private @Nullable Link link;
  private boolean ended;
  private boolean closed;
  private int unsigned;
  private long newest;
  private long received;
  private long heardNs;

  /**
   * @param self the cluster address by which the offer is known
   * @param source the stream port of the server that offers
   * @param over told once, when the stream has ended in any way
   */
  public IncomingStream(
      Transport transport,
      NodeAddress self,
      NodeAddress source,
      Store store,
      HybridClock clock,
      DedupCoverage coverage,
      Consumer<IncomingStream> over) {
    this.transport = transport;
    this.self = self;
    this.source = source;
    this.store = store;
    this.clock = clock;
    this.coverage = coverage;
    this.over = over;
  }

  public void start() {
    heardNs = transport.time().nanoTime();
    transport.connect(source, CONNECT_TIMEOUT_NS, this);
  }

  /** Whether nothing has come for so long that its source may be gone. */
  public boolean isSilent() {
    return transport.time().nanoTime() - heardNs >= SILENCE_NS;
  }

  /** Ends it; what was stored stays. */
  public void stop() {
    if (link != null) {
      link.close();
    }
  }

  @Override
  public void opened(Link opened) {
    link = opened;
    OfferStreams.writeInit(opened.out(), self);
  }

  @Override
  public void connectFailed(Throwable cause) {
    log.warn("cannot fetch records from {}: {}", source, cause.getMessage());
    release();
  }

  @Override
  public void received(ByteBuf in) {
    heardNs = transport.time().nanoTime();
    if (ended || closed) {
      in.skipBytes(in.readableBytes());
    } else if (inflater.isStalled()) {
      held.writeBytes(in);
    } else {
      read(in);
    }
  }

  private void read(ByteBuf in) {
    try {
      ended = inflater.read(in, this::store);
    } catch (MalformedMessageException | StoreException e) {
      log.warn("the stream of records from {} is given up: {}", source, e.getMessage());
      stop();
      return;
    }
    clock.observe(newest);
    if (inflater.isStalled()) {
      pause(in);
    } else if (ended) {
      store.whenDurable(store.position(), transport, this::durable);
    }
  }

  /** The store is busy: the source waits with it. */
  private void pause(ByteBuf rest) {
    held.writeBytes(rest);
    if (link != null) {
      link.setReading(false);
    }
    transport.schedule(BUSY_NS, this::goOn);
  }

  private void goOn() {
    if (closed) {
      return;
    }
    heardNs = transport.time().nanoTime();
    ByteBuf before = Unpooled.wrappedBuffer(ByteBufUtil.getBytes(held));
    held.clear();
    read(before);
    if (link != null && !inflater.isStalled()) {
      link.setReading(true);
    }
  }

  private boolean store(ByteBuf rawKey, ByteBuf rawValue) {
    newest = ClockTime.max(newest, rawValue.getLong(rawValue.readerIndex()));
    try {
      storeIfNewer(rawKey, rawValue);
    } catch (StoreException e) {
      if (e.code() == StoreException.Code.BUSY) {
        return false;
      }
      throw e;
    }
    received++;
    unsigned++;
    if (unsigned == OutgoingStream.PAIRS_PER_SIGN && link != null) {
      unsigned = 0;
      link.out().writeByte(SIGN_OF_LIFE);
    }
    return true;
  }

  /** What is not here yet comes without its requests, of which the source tells in the end. */
  private void storeIfNewer(ByteBuf rawKey, ByteBuf rawValue) {
    long clockTime = rawValue.getLong(rawValue.readerIndex());
    int order = ClockTime.compare(clockTime, store.clockTime(rawKey));
    if (order > 0) {
      coverage.arrived(source, RawKey.hash(rawKey), transport.time().nanoTime());
    }
    if (order >= 0) {
      store.update(rawKey, rawValue);
    }
  }

  private void durable(@Nullable StoreException failure) {
    if (failure != null) {
      log.warn("records from {} cannot be made durable: {}", source, failure.getMessage());
      stop();
    } else if (link != null) {
      log.info("{} records received from {}", received, source);
      link.out().writeByte(ALL_STORED);
      link.close();
    }
  }

  @Override
  public void closed(@Nullable Throwable cause) {
    if (!ended) {
      log.warn("the stream of records from {} broke off after {}", source, received);
    }
    release();
  }

  private void release() {
    if (!closed) {
      closed = true;
      inflater.close();
      over.accept(this);
    }
  }
}
