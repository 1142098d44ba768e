package io.kumo.core.route;

import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.write.MutateResult;
import io.kumo.core.protocol.write.MutateStatus;
import io.kumo.core.route.request.KeyCommand;
import io.kumo.core.route.request.KeyOperation;
import io.kumo.core.route.request.KeyOptions;
import io.kumo.core.route.request.KeyStatus;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Changes one key at its coordinator. Every attempt carries the same request id, so that a server
 * that has applied it already answers instead of applying it again. A coordinator of kumofs 0.4.13
 * is left to {@link OriginalWrite}.
 */
final class WriteCall extends KeyCall {
  private static final long ATTEMPT_NS = TimeUnit.SECONDS.toNanos(3);

  /** A large value has to reach three servers and their disks in an attempt. */
  private static final long NS_PER_BYTE = 100;

  private final MutateEncoder terms;
  private long sequence;
  private boolean sentExtended;
  private boolean maybeApplied;
  private boolean deleteFound;
  private @Nullable Target target;

  WriteCall(Router router) {
    super(router);
    this.terms = new MutateEncoder(router::options, router.itemReader());
  }

  @Override
  void prepare() {
    sequence = router().requests().next();
    sentExtended = false;
    maybeApplied = false;
    deleteFound = false;
  }

  @Override
  int maxAttempts() {
    return attemptsOf(command().request().operation(), router().options());
  }

  static int attemptsOf(KeyOperation operation, RouterOptions options) {
    return 1 + (operation == KeyOperation.DELETE ? options.deleteRetry() : options.setRetry());
  }

  @Override
  KeyStatus failure() {
    return MutateOutcome.failure(command().request().operation());
  }

  @Override
  void attempt() {
    sequence = router().requests().ofAttempt(sequence);
    Target coordinator = router().ring().coordinator(hash());
    if (coordinator == null) {
      fail();
    } else if (coordinator.extended() && !mayAsk(coordinator)) {
      command().outcome().reason(coordinator.address() + " is too old to import into");
      fail();
    } else if (coordinator.extended()) {
      target = coordinator;
      sentExtended = true;
      send(coordinator, attemptNs());
    } else if (sentExtended) {
      // What an extended server may have applied, an original could only apply again.
      fail();
    } else {
      new OriginalWrite(this, coordinator).begin();
    }
  }

  /** There was an item, and its coordinator, an original, is asked to delete it. */
  void deleteFound() {
    deleteFound = true;
  }

  /** Whether what this finds missing was there before it tried to delete it. */
  boolean hasFoundAndDeleted(MutateStatus status) {
    return deleteFound && status == MutateStatus.NOT_FOUND;
  }

  private boolean mayAsk(Target coordinator) {
    return coordinator.imports() || !command().request().has(KeyOptions.UNLESS_NEWER);
  }

  private long attemptNs() {
    ByteBuf value = command().request().value();
    return ATTEMPT_NS + (value == null ? 0 : value.readableBytes() * NS_PER_BYTE);
  }

  @Override
  public Method method() {
    return Method.MUTATE;
  }

  @Override
  public void encode(ByteBuf out) {
    KeyCommand command = command();
    terms.encodeHead(command, out);
    writeKey(out);
    boolean relative = target != null && target.countsClientTimes();
    terms.encodeRest(command, maybeApplied, relative, out);
    MsgPack.writeUnsigned(out, router().incarnation());
    MsgPack.writeUnsigned(out, sequence);
  }

  @Override
  public void reply(ByteBuf result) throws MalformedMessageException {
    MutateResult outcome = MutateResult.read(result);
    if (outcome.status() == MutateStatus.REFUSED) {
      refused(outcome.view());
      return;
    }
    KeyStatus status = MutateOutcome.apply(outcome, command(), index(), router().itemReader());
    if (outcome.status() == MutateStatus.FAILED) {
      countFailure();
    }
    finish(status);
  }

  private void refused(@Nullable PublishedSpaces view) {
    router().countRefusal();
    boolean news = view != null && router().ring().adoptFromServer(view);
    if (news && mayRetry()) {
      attempt();
    } else {
      backOff();
    }
  }

  @Override
  public void error(ErrorCode code, String detail) {
    countError(code, target, detail);
    maybeApplied |= code != ErrorCode.NOT_SENT;
    backOff();
  }

  @Override
  void release() {
    router().reuse(this);
  }
}
