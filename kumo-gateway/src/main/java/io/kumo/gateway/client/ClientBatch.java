package io.kumo.gateway.client;

/**
 * What is done for one client once when a batch of events ends: its replies leave, and what they
 * make room for begins. Confined to its event loop.
 */
final class ClientBatch {
  private final ClientLoop clientLoop;
  private final ClientLink link;
  private final PipelineOrder order;
  private final RequestTurns turns;
  private final Runnable guarded;
  private boolean due;

  ClientBatch(
      ClientLoop clientLoop,
      ClientLink link,
      PipelineOrder order,
      RequestTurns turns,
      ClientGuard guard) {
    this.clientLoop = clientLoop;
    this.link = link;
    this.order = order;
    this.turns = turns;
    Runnable end = this::end;
    this.guarded = () -> guard.run(end);
  }

  /** Has it done when the events being handled now are done. */
  void schedule() {
    if (!due) {
      due = true;
      clientLoop.atBatchEnd(guarded);
    }
  }

  private void end() {
    due = false;
    if (link.isClosed()) {
      return;
    }
    link.replies().flush();
    clientLoop.makeRoom(0);
    clientLoop.budget().resumeWaiting();
    turns.goOn();
    order.tidy();
    boolean nothingDue = !due && turns.hasNothingDue();
    if (nothingDue && (link.isClosing() || link.gate().hasEnded())) {
      link.closeWhenFlushed();
    }
  }
}
