package io.kumo.core.route;

import io.kumo.core.item.Item;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.extended.ExtGetResult;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.route.request.KeyOptions;
import io.kumo.core.route.request.KeyStatus;
import io.kumo.core.route.request.ReadLevel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads one key: from its coordinator, and when that does not answer, from its other replicas in
 * turn where {@link ReadLevel} allows it; then after a back-off from the coordinator again. An
 * answer from another replica is a reason for {@link ReadRepair}.
 */
final class ReadCall extends KeyCall {
  /** A server that takes longer is asked no more in this round. */
  static final long ATTEMPT_NS = TimeUnit.SECONDS.toNanos(1);

  /** As far apart as clocks may be. */
  private static final long EXPIRY_MARGIN_SECONDS = 5;

  private int offset;
  private boolean extended;
  private boolean alone;
  private @Nullable Target target;
  private byte @Nullable [] copy;

  ReadCall(Router router) {
    super(router);
  }

  @Override
  void prepare() {
    offset = 0;
    alone = false;
    target = null;
    copy = copyInNearCache();
  }

  private byte @Nullable [] copyInNearCache() {
    ReadCache cache = router().cache();
    if (cache == null) {
      return null;
    }
    byte[] found = cache.find(command().request().keys(), index());
    if (found != null && isAboutToExpire(found)) {
      found = null;
    }
    router().counter().count(found == null ? RouteEvent.CACHE_MISS : RouteEvent.CACHE_VALIDATION);
    return found;
  }

  /** Only the server knows when, and it does not look at the items that it confirms. */
  private boolean isAboutToExpire(byte[] record) {
    long expiry = Item.expiry(Unpooled.wrappedBuffer(record));
    return expiry != 0 && expiry <= router().itemReader().nowSeconds() + EXPIRY_MARGIN_SECONDS;
  }

  @Override
  int maxAttempts() {
    return router().ring().copies() * router().options().getRetry();
  }

  @Override
  KeyStatus failure() {
    return KeyStatus.GET_FAILED;
  }

  @Override
  void attempt() {
    if (isAbandoned()) {
      abandon();
      return;
    }
    RingHolder ring = router().ring();
    Target next = offset == 0 ? first(ring) : ring.replica(hash(), offset);
    if (next == null) {
      fail();
      return;
    }
    extended = offset == 0 && next.extended();
    target = next;
    if (offset > 0) {
      router().countFallThrough();
    }
    if (extended && attempts() == 0 && !asksAlone() && router().gathersReads()) {
      router().reads().add(this, next);
    } else {
      send(next, ATTEMPT_NS);
    }
  }

  private boolean asksAlone() {
    return command().request().asksAlone();
  }

  boolean isAbandoned() {
    return command().isAbandoned();
  }

  /** The client has gone: nothing is asked any more. */
  void abandon() {
    router().counter().count(RouteEvent.ABANDONED_READ);
    finish(failure());
  }

  /** It is the only one for its server now. */
  void sendAlone(Target to) {
    send(to, ATTEMPT_NS);
  }

  /** Servers that speak the extensions serve reads at the coordinator of writes. */
  private @Nullable Target first(RingHolder ring) {
    Target coordinator = ring.coordinator(hash());
    if (coordinator != null && coordinator.extended()) {
      return coordinator;
    }
    return mayAskOthers() ? ring.replica(hash(), 0) : null;
  }

  private boolean mayAskOthers() {
    return router().options().reads() == ReadLevel.AVAILABLE;
  }

  @Override
  public Method method() {
    if (extended) {
      return Method.EXT_GET;
    }
    return copy == null ? Method.GET : Method.GET_IF_MODIFIED;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, copy == null ? 1 : 2);
    writeKey(out);
    if (copy != null) {
      MsgPack.writeUnsigned(out, copyClockTime());
    }
  }

  /** Whether the near cache had a copy when this read began. */
  boolean hasCopy() {
    return copy != null;
  }

  /** The version of the copy; 0 if there is none. */
  long copyClockTime() {
    return copy == null ? 0 : Item.clockTime(Unpooled.wrappedBuffer(copy));
  }

  @Override
  public void reply(ByteBuf result) throws MalformedMessageException {
    answered();
    if (offset > 0) {
      router().repair().add(command().request().keys(), index());
    }
    if (extended) {
      extendedReply(result);
    } else if (MsgPack.tryReadNil(result)) {
      absent();
    } else if (copy != null && MsgPack.isBool(result)) {
      copyIsGood();
    } else {
      found(result, MsgPack.readRawLength(result));
    }
  }

  private void extendedReply(ByteBuf result) throws MalformedMessageException {
    int start = result.readerIndex();
    MsgPack.readArrayHeader(result, 2);
    long status = MsgPack.readUnsigned(result);
    if (status == ExtGetResult.Status.FOUND.id()) {
      found(result, MsgPack.readRawLength(result));
    } else if (status == ExtGetResult.Status.NOT_FOUND.id()) {
      absent();
    } else if (copy != null && status == ExtGetResult.Status.COPY_IS_GOOD.id()) {
      copyIsGood();
    } else {
      ExtGetResult refusal = ExtGetResult.read(result.readerIndex(start));
      refused(refusal.view());
    }
  }

  /** There is no record. */
  void absent() {
    ReadCache cache = router().cache();
    if (cache != null && copy != null) {
      cache.drop(command().request().keys(), index());
    }
    finish(KeyStatus.FETCHED);
  }

  /** The server has nothing newer than the copy in the near cache. */
  void copyIsGood() {
    router().counter().count(RouteEvent.CACHE_HIT);
    show(Unpooled.wrappedBuffer(Objects.requireNonNull(copy, "there is no copy")));
  }

  /**
   * The server has not looked, and tells why when asked for this key alone: mostly because what it
   * had found for others was large.
   */
  void again() {
    boolean single = command().request().keys().size() == 1;
    if (single && command().postpone()) {
      detach();
    } else if (single && attempts() == 1 && mayRetry() && target != null) {
      router().reads().add(this, target);
    } else if (mayRetry()) {
      router().loneReads().add(this);
    } else {
      backOff();
    }
  }

  /** Its turn has come among those that are asked for alone. */
  void askAlone() {
    alone = true;
    if (isAbandoned() || mayRetry()) {
      attempt();
    } else {
      fail();
    }
  }

  /** An attempt is over: if it was one alone, the next may be made. */
  private void answered() {
    if (alone) {
      alone = false;
      router().loneReads().done();
    }
  }

  /** Consumes the raw value, the next {@code length} bytes of {@code result}. */
  void found(ByteBuf result, int length) {
    ByteBuf raw = result.readRetainedSlice(length);
    ReadCache cache = router().cache();
    if (cache != null) {
      cache.put(command().request().keys(), index(), raw);
    }
    show(raw);
  }

  /** Takes the raw value. */
  private void show(ByteBuf raw) {
    if (!command().mayHold(raw.readableBytes())) {
      raw.release();
      finish(KeyStatus.GET_OUT_OF_MEMORY);
      return;
    }
    boolean judged = target != null && target.countsClientTimes();
    boolean unclaimed =
        router().itemReader().read(raw, judged, command().outcome().found(), index());
    if (unclaimed && command().request().has(KeyOptions.COMPETES)) {
      compete();
    } else {
      finish(KeyStatus.FETCHED);
    }
  }

  /** The item is stale and nobody recaches it: asking for it as a write may win that right. */
  private void compete() {
    long deadlineNs = deadlineNs();
    command().outcome().found().drop(index());
    router().startWrite(detach(), 0, null, deadlineNs);
  }

  /** The server knows other hash spaces; with newer ones there is someone else to ask at once. */
  private void refused(@Nullable PublishedSpaces view) {
    router().countRefusal();
    boolean news = view != null && router().ring().adoptFromServer(view);
    if (news && mayRetry()) {
      offset = 0;
      attempt();
    } else {
      backOff();
    }
  }

  @Override
  public void error(ErrorCode code, String detail) {
    answered();
    countError(code, target, detail);
    Target failed = target;
    RingHolder ring = router().ring();
    while (mayAskOthers() && ++offset < ring.copies()) {
      Target other = ring.replica(hash(), offset);
      if (other != null && !other.equals(failed) && mayRetry()) {
        attempt();
        return;
      }
    }
    offset = 0;
    backOff();
  }

  @Override
  void release() {
    answered();
    copy = null;
    router().reuse(this);
  }
}
