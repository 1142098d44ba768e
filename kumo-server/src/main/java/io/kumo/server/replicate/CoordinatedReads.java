package io.kumo.server.replicate;

import io.kumo.core.protocol.ExtGet;
import io.kumo.core.protocol.ExtGetResult;
import io.kumo.core.rpc.Replier;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.metrics.ServerMetrics;
import io.kumo.server.store.StoreException;
import io.netty.buffer.ByteBuf;

/**
 * Reads at the key's coordinator, which see every acknowledged write and no other: what the gate
 * holds back waits until this server surely has the newest record. Main loop only.
 */
public final class CoordinatedReads {
  private final HashSpaceHolder spaces;
  private final Reads reads;
  private final KeyGate gate;
  private final ServerMetrics metrics;

  public CoordinatedReads(
      HashSpaceHolder spaces, Reads reads, KeyGate gate, ServerMetrics metrics) {
    this.spaces = spaces;
    this.reads = reads;
    this.gate = gate;
    this.metrics = metrics;
  }

  /** Borrows the message's key for the length of the call. */
  public void get(ExtGet message, Replier replier) {
    ByteBuf key = message.key();
    long hash = Reads.hash(key);
    if (!spaces.isCoordinator(hash)) {
      refuse(replier);
    } else if (gate.isOpen(hash, key)) {
      answer(key, replier);
    } else {
      gate.open(hash, key, new GatedRead(ClientWrites.copy(key), replier));
    }
  }

  private void refuse(Replier replier) {
    metrics.add(ServerMetric.NOT_RESPONSIBLE);
    ExtGetResult.refused(spaces.view()).write(replier.begin());
  }

  private void answer(ByteBuf key, Replier replier) {
    ByteBuf value;
    try {
      value = reads.get(key);
    } catch (StoreException e) {
      ExtGetResult.FAILED.write(replier.begin());
      return;
    }
    metrics.add(ServerMetric.GETS);
    if (value == null) {
      ExtGetResult.NOT_FOUND.write(replier.begin());
      return;
    }
    try {
      ExtGetResult.found(value).write(replier.begin());
    } finally {
      value.release();
    }
  }

  private final class GatedRead implements KeyGate.Waiter {
    private final ByteBuf key;
    private final Replier replier;

    GatedRead(ByteBuf key, Replier replier) {
      this.key = key;
      this.replier = replier;
    }

    @Override
    public void opened() {
      if (spaces.isCoordinator(Reads.hash(key))) {
        answer(key, replier);
      } else {
        refuse(replier);
      }
    }

    @Override
    public void failed(String reason) {
      ExtGetResult.FAILED.write(replier.begin());
    }
  }
}
