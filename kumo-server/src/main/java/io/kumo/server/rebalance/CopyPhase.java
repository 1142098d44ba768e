package io.kumo.server.rebalance;

import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.extended.ConfirmRecords;
import io.kumo.core.protocol.extended.MoveStatistics;
import io.kumo.core.protocol.original.ReplaceEnd;
import io.kumo.core.protocol.original.ReplaceOffer;
import io.kumo.core.protocol.repair.DigestDepth;
import io.kumo.core.ring.CopyPlan;
import io.kumo.core.ring.HashRange;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.transport.Transport;
import io.kumo.server.lifecycle.Right;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.metrics.ServerMetrics;
import io.kumo.server.repair.digest.DigestComparison;
import io.kumo.server.transfer.CopyRunner;
import io.kumo.server.transfer.CopySurroundings;
import io.kumo.server.transfer.Differences;
import io.kumo.server.transfer.OfferStreams;
import io.kumo.server.transfer.TargetQuestions;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first phase: offers others the records that they are to have. Confined to the main loop; the
 * {@link CopyRunner} works on the stream loop.
 */
final class CopyPhase extends ReplacePhase {
  private static final Logger log = LoggerFactory.getLogger(CopyPhase.class);
  private static final long OFFER_TIMEOUT_NS = Duration.ofSeconds(10).toNanos();

  private final boolean full;
  private final OfferStreams streams;
  private final TargetQuestions questions;
  private @Nullable CopyRunner runner;
  private @Nullable WindowHandover handover;
  private HashSpaces layout = HashSpaces.EMPTY;

  /**
   * @param full whether every record goes to all its replicas, moved or not
   */
  CopyPhase(
      RebalanceContext context,
      long replaceTime,
      boolean full,
      Peer director,
      OfferStreams streams,
      TargetQuestions questions) {
    super(context, replaceTime, director);
    this.full = full;
    this.streams = streams;
    this.questions = questions;
  }

  boolean isFor(long time, boolean fullReplace) {
    return replaceTime == time && full == fullReplace;
  }

  /** Copies for the write hash space of {@code copied} what its read hash space says is here. */
  void start(HashSpaces copied) {
    layout = copied;
    context.rejoin().copyStarted(layout);
    CopyPlan plan = context.records().rules().plan(layout, full, context.spaces().self());
    Set<NodeAddress> originals =
        plan.isEmpty()
            ? Set.of()
            : plan.allTargets().stream().filter(this::isOriginal).collect(Collectors.toSet());
    log.info("start copying for replace time({})", Long.toUnsignedString(replaceTime));
    if (plan.isEmpty()) {
      run(plan, originals);
    } else {
      // What may have been deleted meanwhile is not to be given to others.
      context.rejoin().whenMay(Right.OFFER, () -> run(plan, originals));
    }
  }

  private boolean isOriginal(NodeAddress server) {
    boolean announced =
        context
            .spaces()
            .view()
            .extras()
            .find(server)
            .filter(n -> Capabilities.isExtended(n.capabilities()))
            .isPresent();
    return !announced && !Capabilities.isExtended(context.endpoint().peer(server).capabilities());
  }

  private void run(CopyPlan plan, Set<NodeAddress> originals) {
    Transport streamLoop = context.streamLoop();
    streamLoop.execute(
        () -> {
          CopyRunner made =
              new CopyRunner(
                  streamLoop,
                  context.records().store(),
                  streams,
                  plan,
                  context.settings().copyThrottle(streamLoop.time().nanoTime()),
                  new Around(originals));
          context.main().execute(() -> begin(made));
        });
  }

  private void begin(CopyRunner made) {
    if (isRunning()) {
      runner = made;
      context.streamLoop().execute(made::start);
    }
  }

  private void copied(long sent, long spared) {
    if (isRunning()) {
      log.info(
          "copied for replace time({}): {} records sent, {} were there already",
          Long.toUnsignedString(replaceTime),
          sent,
          spared);
      giveWindows();
    }
  }

  /** The phase is over when those who were given records know by which requests they came to be. */
  private void giveWindows() {
    HashSpaces copied = layout;
    CopyPlan plan = context.records().rules().plan(copied, full, context.spaces().self());
    WindowHandover giving = new WindowHandover(context, copied, plan, this::end);
    handover = giving;
    giving.start();
  }

  @Override
  MoveStatistics statistics() {
    return runner == null ? MoveStatistics.NONE : runner.statistics();
  }

  @Override
  ReplaceEnd endMessage() {
    return new ReplaceEnd(
        Method.REPLACE_COPY_END, replaceTime, context.clockFor(director()), statistics());
  }

  @Override
  void stop() {
    CopyRunner stopped = runner;
    if (stopped != null) {
      context.streamLoop().execute(stopped::cancel);
    }
    if (handover != null) {
      handover.cancel();
    }
  }

  /** What the runner asks for, from the stream loop. */
  private final class Around implements CopySurroundings {
    private final Set<NodeAddress> originals;

    Around(Set<NodeAddress> originals) {
      this.originals = originals;
    }

    @Override
    public void offer(NodeAddress target) {
      ReplaceOffer offer = new ReplaceOffer(context.settings().streamAddress(), replaceTime);
      context
          .main()
          .execute(
              () ->
                  context.endpoint().peer(target).call(offer, OFFER_TIMEOUT_NS, new Unanswered()));
    }

    @Override
    public void copied(long sent, long spared) {
      context.main().execute(() -> CopyPhase.this.copied(sent, spared));
    }

    @Override
    public void counted(long sent, long spared) {
      ServerMetrics metrics = context.records().books().metrics();
      metrics.add(ServerMetric.COPIED, sent);
      metrics.add(ServerMetric.COPY_SPARED, spared);
    }

    @Override
    public void compare(NodeAddress target, List<HashRange> ranges, Consumer<Differences> found) {
      DigestComparison.Subject subject =
          new DigestComparison.Subject(
              target, layout.write(), DigestDepth.VALUES, true, ranges, List.of());
      context
          .main()
          .execute(
              () ->
                  new TargetComparison(
                          context.main(),
                          context.comparisons().apply(subject),
                          ranges,
                          differences ->
                              context.streamLoop().execute(() -> found.accept(differences)))
                      .start());
    }

    @Override
    public void ask(
        NodeAddress target, List<ConfirmRecords.RecordVersion> entries, Consumer<byte[]> answered) {
      questions.ask(target, entries, answered);
    }

    @Override
    public boolean isOriginal(NodeAddress target) {
      return originals.contains(target);
    }
  }

  /** An offer is never answered. */
  private static final class Unanswered implements ReplyHandler {
    @Override
    public void reply(ByteBuf result) {}

    @Override
    public void error(ErrorCode code, String detail) {}
  }
}
