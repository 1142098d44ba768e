package io.kumo.testkit.net;

import io.kumo.core.guard.Guard;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.Link;
import io.kumo.core.transport.LinkListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * One end of a link in memory. What it sends is copied to the other end after the delay of the
 * conditions, in order.
 */
final class MemoryLink implements Link {
  /** How often a piece that does not pass is tried again. */
  private static final long RETRY_NS = Duration.ofMillis(20).toNanos();

  private static final Guard.Action<LinkListener, Link> OPENED = LinkListener::opened;
  private static final Guard.Action<LinkListener, ByteBuf> RECEIVED = LinkListener::received;

  private final MemoryHost host;
  private final LinkListener listener;
  private final NodeAddress remote;
  private final Queue<ByteBuf> onTheWay = new ArrayDeque<>();
  private ByteBuf received = Unpooled.buffer();
  private ByteBuf out = Unpooled.buffer();
  private @Nullable MemoryLink other;
  private long lastArrivalNs;
  private long flushedBytes;
  private long takenBytes;
  private boolean open;
  private boolean opened;
  private boolean flushing;
  private boolean closing;

  MemoryLink(MemoryHost host, LinkListener listener, NodeAddress remote) {
    this.host = host;
    this.listener = listener;
    this.remote = remote;
  }

  void join(MemoryLink far) {
    other = far;
    far.other = this;
    host.add(this);
    far.host.add(far);
    open = true;
    far.open = true;
  }

  void open() {
    if (open) {
      opened = true;
      tell(OPENED, this);
      consume();
    }
  }

  @Override
  public ByteBuf out() {
    if (!open) {
      return Unpooled.buffer();
    }
    if (!flushing) {
      flushing = true;
      host.atBatchEnd(this::flush);
    }
    return out;
  }

  @Override
  public long pendingBytes() {
    return out.readableBytes() + flushedBytes - takenBytes;
  }

  @Override
  public long takenBytes() {
    return takenBytes;
  }

  private void flush() {
    flushing = false;
    if (out.isReadable() && open) {
      flushedBytes += out.readableBytes();
      onTheWay.add(out);
      out = Unpooled.buffer();
      deliverLater(host.network().conditions().delayNs(host.name(), remote), this::deliver);
    }
  }

  private void deliverLater(long delayNs, Runnable delivery) {
    EventQueue events = host.network().events();
    lastArrivalNs = Math.max(lastArrivalNs, events.nowNs() + delayNs);
    events.schedule(lastArrivalNs - events.nowNs(), delivery);
  }

  /** One delivery is scheduled per piece, so each delivers the oldest. */
  private void deliver() {
    MemoryLink far = other;
    if (far == null || onTheWay.isEmpty()) {
      return;
    }
    if (!passes()) {
      deliverLater(RETRY_NS, this::deliver);
      return;
    }
    ByteBuf piece = onTheWay.remove();
    takenBytes += piece.readableBytes();
    if (far.open) {
      far.host.enter(() -> far.receive(piece));
    } else if (open) {
      host.enter(() -> end(new IOException("Connection reset by peer")));
    }
  }

  private boolean passes() {
    MemoryNetwork network = host.network();
    return !network.isDark(remote) && network.conditions().passes(host.name(), remote);
  }

  private void receive(ByteBuf piece) {
    received.writeBytes(piece);
    consume();
  }

  private void consume() {
    if (!open || !opened || !received.isReadable()) {
      return;
    }
    tell(RECEIVED, received);
    dropConsumed();
  }

  /** A listener that throws loses its link, as over TCP. */
  private <A> void tell(Guard.Action<LinkListener, A> event, A argument) {
    if (!host.guard().run("link", listener, event, listener, argument)) {
      flush();
      end(new IOException("closed after a bug at this end"));
    }
  }

  /** What the listener retained must stay as it is: the rest then moves to a buffer of its own. */
  private void dropConsumed() {
    if (received.refCnt() == 1) {
      received.discardReadBytes();
      return;
    }
    ByteBuf rest = Unpooled.buffer().writeBytes(received);
    received.release();
    received = rest;
  }

  @Override
  public void setReading(boolean reading) {
    // Memory has no receive window; the bounds of sessions hold here too.
  }

  @Override
  public void redeliver() {
    consume();
  }

  @Override
  public void abort() {
    end(new IOException("it takes nothing of what is sent to it"));
  }

  @Override
  public void setNoDelay(boolean noDelay) {
    // Nothing is delayed.
  }

  @Override
  public void close() {
    if (open && !closing) {
      closing = true;
      host.atBatchEnd(
          () -> {
            flush();
            end(null);
          });
      host.execute(() -> {});
    }
  }

  /** Ends both ends; the far one hears of it after what was sent has arrived. */
  private void end(@Nullable Throwable cause) {
    if (!open) {
      return;
    }
    open = false;
    host.remove(this);
    host.guard().run("link", listener, () -> listener.closed(cause));
    tellOther(null);
  }

  /** The process of this end is gone; its kernel tells the other end. */
  void abandon() {
    open = false;
    tellOther(new IOException("Connection reset by peer"));
  }

  /** The machine of this end is gone; nobody tells the other end. */
  void vanish() {
    open = false;
    onTheWay.clear();
  }

  /** Something on the way ends the link and loses what it carries. */
  void reset() {
    MemoryLink far = other;
    IOException cause = new IOException("Connection reset");
    onTheWay.clear();
    host.enter(() -> end(cause));
    if (far != null) {
      far.onTheWay.clear();
      far.host.enter(() -> far.end(cause));
    }
  }

  boolean leadsTo(NodeAddress address) {
    return remote.equals(address);
  }

  private void tellOther(@Nullable Throwable cause) {
    MemoryLink far = other;
    if (far != null && far.open) {
      deliverLater(
          host.network().conditions().delayNs(host.name(), remote), () -> hangUp(far, cause));
    }
  }

  private void hangUp(MemoryLink far, @Nullable Throwable cause) {
    if (far.open && (!passes() || !onTheWay.isEmpty())) {
      deliverLater(RETRY_NS, () -> hangUp(far, cause));
    } else {
      far.host.enter(() -> far.end(cause));
    }
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public String remote() {
    return remote.toString();
  }
}
