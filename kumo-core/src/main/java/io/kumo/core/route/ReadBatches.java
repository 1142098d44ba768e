package io.kumo.core.route;

import io.kumo.core.transport.Transport;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Gathers reads until the present batch of events ends, then sends one message a server. Nothing
 * waits longer for it: bytes would not leave earlier anyway. Confined to its event loop.
 */
final class ReadBatches {
  private static final int KEPT = 64;

  private final Transport transport;
  private final Runnable sendAll = this::sendAll;
  private final List<Target> gathering = new ArrayList<>();
  private final ArrayDeque<ReadBatch> free = new ArrayDeque<>();

  ReadBatches(Transport transport) {
    this.transport = transport;
  }

  void add(ReadCall call, Target target) {
    ReadBatch batch = target.gathering;
    if (batch == null) {
      batch = begin(target);
    }
    batch.add(call);
    if (batch.isFull()) {
      target.gathering = null;
      batch.send(target);
    }
  }

  private ReadBatch begin(Target target) {
    ReadBatch kept = free.pollLast();
    ReadBatch batch = kept == null ? new ReadBatch(this) : kept;
    target.gathering = batch;
    if (gathering.isEmpty()) {
      transport.atBatchEnd(sendAll);
    }
    gathering.add(target);
    return batch;
  }

  /** A read that fails at once may bring the next one along, to the end of the list. */
  private void sendAll() {
    for (int i = 0; i < gathering.size(); i++) {
      Target target = gathering.get(i);
      ReadBatch batch = target.gathering;
      target.gathering = null;
      if (batch != null) {
        batch.send(target);
      }
    }
    gathering.clear();
  }

  void reuse(ReadBatch batch) {
    if (free.size() < KEPT) {
      free.addLast(batch);
    }
  }
}
