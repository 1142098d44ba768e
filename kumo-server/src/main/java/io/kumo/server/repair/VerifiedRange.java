package io.kumo.server.repair;

import io.kumo.core.item.RawKey;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Fence;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.extended.ListRecords;
import io.kumo.core.protocol.extended.RecordList;
import io.kumo.core.protocol.repair.DescribeRecords;
import io.kumo.core.protocol.repair.RecordReport;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.ring.HashRange;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.server.replica.ListReply;
import io.kumo.server.store.StoreException;
import io.kumo.server.write.ClientWrites;
import io.kumo.server.write.round.WriteContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Looks at every record of a range in which this server and another one differ, value by value, and
 * tells which ones do. What is being written differs for a moment: a record counts only when both
 * servers say twice the same of it. Main loop only.
 *
 * <p>Bounds: one page of either, and {@link DescribeRecords#MAX_KEYS} records at a time.
 */
final class VerifiedRange {
  /** Hears of the end, once, and before it of what differs. */
  interface Listener {
    /**
     * A record of which the two have not the same.
     *
     * @param rawKey in memory of its own
     */
    void differs(ByteBuf rawKey, RecordReport ours, RecordReport theirs);

    /** All of the range has been looked at, so many records. */
    void done(long records);

    void failed(String reason);
  }

  private static final long SECOND_LOOK_NS = Duration.ofMillis(300).toNanos();
  private static final int LOOKS = 5;

  private final WriteContext context;
  private final RpcEndpoint endpoint;
  private final RecordDescriber describer;
  private final NodeAddress other;
  private final HashSpace write;
  private final Listener listener;
  private final Deque<List<ByteBuf>> open = new ArrayDeque<>();
  private HashRange rest;
  private boolean listed;
  private boolean cancelled;
  private long records;

  VerifiedRange(
      WriteContext context,
      RpcEndpoint endpoint,
      RecordDescriber describer,
      NodeAddress other,
      HashSpace write,
      HashRange range,
      Listener listener) {
    this.context = context;
    this.endpoint = endpoint;
    this.describer = describer;
    this.other = other;
    this.write = write;
    this.rest = range;
    this.listener = listener;
  }

  /** Nothing is told any more. */
  void cancel() {
    cancelled = true;
  }

  void start() {
    nextPage();
  }

  private void fail(String reason) {
    if (!cancelled) {
      cancelled = true;
      listener.failed(reason);
    }
  }

  private void nextPage() {
    Fence fence = new Fence(write.clockTime(), context.spaces().self());
    ListRecords question = new ListRecords(rest.from(), rest.to(), fence);
    context.replicas().list(other, question, context.limits().callTimeoutNs(), new Page());
  }

  /** Keys of both, as far as both lists reach. */
  private void listed(RecordList theirs) {
    RecordList ours = RecordLister.of(context).page(write, context.spaces().self(), rest);
    boolean done = ours.done() && theirs.done();
    long next = next(ours, theirs);
    Set<ByteBuf> keys = new LinkedHashSet<>();
    for (RecordList list : List.of(ours, theirs)) {
      for (RecordList.Entry entry : list.entries()) {
        if (done || Long.compareUnsigned(RawKey.hash(entry.key()), next) < 0) {
          keys.add(ClientWrites.copy(entry.key()));
        }
      }
    }
    listed = done;
    if (!done) {
      rest = new HashRange(next, rest.to());
    }
    records += keys.size();
    List<ByteBuf> all = new ArrayList<>(keys);
    for (int i = 0; i < all.size(); i += DescribeRecords.MAX_KEYS) {
      open.add(all.subList(i, Math.min(all.size(), i + DescribeRecords.MAX_KEYS)));
    }
    goOn();
  }

  private static long next(RecordList ours, RecordList theirs) {
    if (ours.done() || theirs.done()) {
      return ours.done() ? theirs.nextHash() : ours.nextHash();
    }
    return Long.compareUnsigned(ours.nextHash(), theirs.nextHash()) < 0
        ? ours.nextHash()
        : theirs.nextHash();
  }

  private void goOn() {
    if (cancelled) {
      return;
    }
    List<ByteBuf> keys = open.poll();
    if (keys != null) {
      new Group(keys, List.of(), LOOKS).ask();
    } else if (!listed) {
      nextPage();
    } else {
      cancelled = true;
      listener.done(records);
    }
  }

  /** What the other server has. */
  private final class Page implements ListReply {
    @Override
    public void listed(RecordList list) {
      PublishedSpaces view = list.view();
      if (cancelled) {
        return;
      }
      if (view != null) {
        fail(other + " has installed another view");
        return;
      }
      try {
        VerifiedRange.this.listed(list);
      } catch (StoreException e) {
        fail(String.valueOf(e.getMessage()));
      }
    }

    @Override
    public void unsupported() {
      fail(other + " cannot list its records");
    }

    @Override
    public void failed(String reason) {
      fail(other + ": " + reason);
    }
  }

  /** What both said of a record. */
  private record Pair(RecordReport ours, RecordReport theirs) {}

  /** Some records, which may have been looked at before. */
  private final class Group implements ReplyHandler {
    private final List<ByteBuf> keys;
    private final List<Pair> before;
    private final int looksLeft;

    Group(List<ByteBuf> keys, List<Pair> before, int looksLeft) {
      this.keys = keys;
      this.before = before;
      this.looksLeft = looksLeft;
    }

    void ask() {
      if (!cancelled) {
        List<ByteBuf> question = keys.stream().map(Unpooled::wrappedBuffer).toList();
        endpoint
            .peer(other)
            .call(new DescribeRecords(question), context.limits().callTimeoutNs(), this);
      }
    }

    @Override
    public void reply(ByteBuf result) throws MalformedMessageException {
      List<RecordReport> theirs = DescribeRecords.readResult(result);
      if (cancelled) {
        return;
      }
      if (theirs.size() != keys.size()) {
        fail(other + " answers another question");
        return;
      }
      try {
        compare(theirs, describer.describe(keys));
      } catch (StoreException e) {
        fail(String.valueOf(e.getMessage()));
      }
    }

    private void compare(List<RecordReport> theirs, List<RecordReport> ours) {
      List<ByteBuf> again = new ArrayList<>();
      List<Pair> seen = new ArrayList<>();
      for (int i = 0; i < keys.size(); i++) {
        Pair now = new Pair(ours.get(i), theirs.get(i));
        if (now.ours().isSame(now.theirs()) || isDropped(now)) {
          continue;
        }
        if (isDamaged(now) || (!before.isEmpty() && now.equals(before.get(i)))) {
          listener.differs(keys.get(i), now.ours(), now.theirs());
        } else {
          again.add(keys.get(i));
          seen.add(now);
        }
      }
      if (again.isEmpty() || looksLeft == 0) {
        context.transport().atNextTurn(VerifiedRange.this::goOn);
      } else {
        Group next = new Group(again, seen, looksLeft - 1);
        context.transport().schedule(SECOND_LOOK_NS, next::ask);
      }
    }

    /** Which no write under way explains, and the scrubber mends before long. */
    private boolean isDamaged(Pair pair) {
      return pair.ours().kind() == RecordReport.Kind.DAMAGED
          || pair.theirs().kind() == RecordReport.Kind.DAMAGED;
    }

    /** Old tombstones and what has expired each server drops in its own time. */
    private boolean isDropped(Pair pair) {
      long watermark = context.books().tombstoneWatermark().getAsLong();
      return (pair.ours().kind() == RecordReport.Kind.NONE && isOld(pair.theirs(), watermark))
          || (pair.theirs().kind() == RecordReport.Kind.NONE && isOld(pair.ours(), watermark));
    }

    private boolean isOld(RecordReport report, long watermark) {
      boolean goes = report.kind() == RecordReport.Kind.TOMBSTONE || report.expiry() != 0;
      return goes && Long.compareUnsigned(report.clockTime(), watermark) <= 0;
    }

    @Override
    public void error(ErrorCode code, String detail) {
      fail(other + ": " + detail);
    }
  }
}
