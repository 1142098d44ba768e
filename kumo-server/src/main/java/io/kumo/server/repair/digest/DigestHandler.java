package io.kumo.server.repair.digest;

import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.repair.DigestList;
import io.kumo.core.protocol.repair.DigestRanges;
import io.kumo.core.ring.RangeDigest;
import io.kumo.core.rpc.Replier;
import io.kumo.core.rpc.RpcException;
import io.kumo.server.lifecycle.Right;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.store.StoreException;
import io.kumo.server.write.round.WriteContext;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells other servers what the records here come to. Main loop only.
 *
 * <p>Whoever is answered goes by it: the fence is looked at again before the answer, and what was
 * added up is durable by then. Bounds: so many questions at a time, each for a second.
 */
public final class DigestHandler {
  private static final int MAX_RUNNING = 64;
  private static final long ANSWER_NS = Duration.ofSeconds(1).toNanos();

  private final WriteContext context;
  private final RangeDigester.Source source;
  private int running;

  public DigestHandler(WriteContext context) {
    this.context = context;
    this.source = DigestComparison.source(context);
  }

  public void digest(DigestRanges message, Replier replier) throws RpcException {
    if (!admits(message)) {
      refuse(replier);
      return;
    }
    if (message.ranges().isEmpty() || running >= MAX_RUNNING) {
      throw new RpcException(ErrorCode.SERVER, "too many digests are asked for");
    }
    running++;
    source.digest(message.ranges(), message.depth(), ANSWER_NS, new Answer(message, replier));
  }

  /** What is here from before and may have to go counts for nobody. */
  private boolean admits(DigestRanges message) {
    Right right = message.copies() ? Right.CONFIRM : Right.SHOW;
    return context.spaces().lifecycle().may(right)
        && context.spaces().current().write().clockTime() == message.fence().whsClockTime();
  }

  private void refuse(Replier replier) {
    context.metrics().add(ServerMetric.FENCED_OFF);
    DigestList.refused(context.spaces().view()).write(replier.begin());
  }

  /** The answer to one question. */
  private final class Answer implements RangeDigester.Digested {
    private final DigestRanges message;
    private final Replier replier;

    Answer(DigestRanges message, Replier replier) {
      this.message = message;
      this.replier = replier;
    }

    @Override
    public void digested(List<RangeDigest> digests, boolean cut, long nextHash) {
      running--;
      DigestList list = new DigestList(digests, cut, nextHash, null);
      context
          .store()
          .whenDurable(
              context.store().position(), context.transport(), failure -> answer(list, failure));
    }

    private void answer(DigestList list, @Nullable StoreException failure) {
      if (failure != null) {
        replier.error(ErrorCode.SERVER);
      } else if (admits(message)) {
        list.write(replier.begin());
      } else {
        refuse(replier);
      }
    }

    @Override
    public void failed(StoreException e) {
      running--;
      replier.error(ErrorCode.SERVER);
    }
  }
}
