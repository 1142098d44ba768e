package io.kumo.server.read;

import io.kumo.core.item.RawKey;
import io.kumo.core.protocol.Limits;
import io.kumo.core.protocol.extended.ExtGet;
import io.kumo.core.protocol.extended.ExtGetResult;
import io.kumo.core.protocol.extended.ExtMultiGet;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.rpc.Replier;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.metrics.ServerMetrics;
import io.kumo.server.store.ReadAhead;
import io.kumo.server.store.StoreException;
import io.kumo.server.view.ViewHolder;
import io.kumo.server.write.ClientWrites;
import io.kumo.server.write.Coordinator;
import io.kumo.server.write.KeyGate;
import io.netty.buffer.ByteBuf;

/**
 * Reads at the key's coordinator, which see every acknowledged write and no other: what the gate
 * holds back waits until this server surely has the newest record. Main loop only.
 */
public final class CoordinatedReads {
  private final ViewHolder spaces;
  private final ReadAdmission admission;
  private final LiveRecords records;
  private final KeyGate gate;
  private final Coordinator writes;
  private final ServerMetrics metrics;
  private final ReadAhead readAhead;

  public CoordinatedReads(
      ViewHolder spaces,
      ReadAdmission admission,
      LiveRecords records,
      KeyGate gate,
      Coordinator writes,
      ServerMetrics metrics) {
    this.spaces = spaces;
    this.admission = admission;
    this.records = records;
    this.gate = gate;
    this.writes = writes;
    this.metrics = metrics;
    this.readAhead = records.readAhead();
  }

  /** Borrows the message's key for the length of the call. */
  public void get(ExtGet message, Replier replier) {
    ByteBuf key = message.key();
    long hash = RawKey.hash(key);
    switch (admission.asCoordinator(hash, key)) {
      case ANSWER -> answer(key, message.copyClockTime(), replier, true);
      case NOT_READY, NOT_RESPONSIBLE -> refuse(replier);
      case AFTER_WRITE -> afterWrite(hash, message, replier);
      case AFTER_RECOVERY ->
          gate.open(
              hash, key, new GatedRead(ClientWrites.copy(key), message.copyClockTime(), replier));
    }
  }

  private void afterWrite(long hash, ExtGet message, Replier replier) {
    ExtGet kept = new ExtGet(ClientWrites.copy(message.key()), message.copyClockTime());
    if (!writes.afterWrite(hash, () -> again(kept, replier))) {
      ExtGetResult.FAILED.write(replier.begin());
    }
  }

  private void again(ExtGet kept, Replier replier) {
    whenWanted(replier, () -> get(kept, replier));
  }

  /** After a wait: its answer may be as great as any, and nobody may want it any more. */
  private void whenWanted(Replier replier, Runnable answer) {
    if (replier.isWanted()) {
      replier.whenTaken(answer);
    } else {
      metrics.add(ServerMetric.ABANDONED);
    }
  }

  private void refuse(Replier replier) {
    refuse(replier.begin());
  }

  private void refuse(ByteBuf out) {
    metrics.add(ServerMetric.NOT_RESPONSIBLE);
    ExtGetResult.refused(spaces.view()).write(out);
  }

  /**
   * @param repair whether to fetch the record from the other replicas when it is damaged
   */
  private void answer(ByteBuf key, long copyClockTime, Replier replier, boolean repair) {
    ByteBuf out = replier.begin();
    int start = out.writerIndex();
    try {
      if (records.isUnchanged(key, copyClockTime)) {
        ExtGetResult.COPY_IS_GOOD.write(out);
      } else {
        ExtGetResult.writeFoundHead(out);
        if (!records.append(key, out)) {
          ExtGetResult.NOT_FOUND.write(out.writerIndex(start));
        }
      }
      if (!spaces.mayTell(RawKey.hash(key))) {
        refuse(out.writerIndex(start));
        return;
      }
    } catch (StoreException e) {
      if (repair && e.code() == StoreException.Code.CORRUPT) {
        replier.takeBack(out);
        gate.open(
            RawKey.hash(key), key, new GatedRead(ClientWrites.copy(key), copyClockTime, replier));
      } else {
        ExtGetResult.FAILED.write(out.writerIndex(start));
      }
      return;
    }
    metrics.requests().read(key, out.writerIndex() - start);
    metrics.add(ServerMetric.GETS);
  }

  /**
   * Borrows the message's keys for the length of the call. The lease is looked at twice for all of
   * them, before and after they are read, as each look asks two clocks.
   */
  public void getAll(ExtMultiGet message, Replier replier) {
    ByteBuf out = replier.begin();
    MsgPack.writeArrayHeader(out, message.count());
    int start = out.writerIndex();
    if (spaces.holdsLease()) {
      message.forEach((key, copyClockTime) -> readAhead.add(key));
      readAhead.fetch();
      int full = start + Limits.MULTI_GET_ANSWER_BYTES;
      message.forEach((key, copyClockTime) -> append(key, copyClockTime, out, full));
      if (spaces.mayTellAll()) {
        return;
      }
    }
    out.writerIndex(start);
    for (int i = 0; i < message.count(); i++) {
      MsgPack.writeBool(out, false);
    }
  }

  private void append(ByteBuf key, long copyClockTime, ByteBuf out, int full) {
    long hash = RawKey.hash(key);
    boolean answers =
        out.writerIndex() < full
            && admission.underLease(hash, key) == ReadAdmission.ReadVerdict.ANSWER;
    if (!answers) {
      MsgPack.writeBool(out, false);
      return;
    }
    int start = out.writerIndex();
    try {
      if (records.isUnchanged(key, copyClockTime)) {
        MsgPack.writeBool(out, true);
      } else if (!records.append(key, out)) {
        MsgPack.writeNil(out);
      }
      metrics.requests().read(key, out.writerIndex() - start);
      metrics.add(ServerMetric.GETS);
    } catch (StoreException e) {
      MsgPack.writeBool(out, false);
    }
  }

  private final class GatedRead implements KeyGate.Waiter {
    private final ByteBuf key;
    private final long copyClockTime;
    private final Replier replier;

    GatedRead(ByteBuf key, long copyClockTime, Replier replier) {
      this.key = key;
      this.copyClockTime = copyClockTime;
      this.replier = replier;
    }

    @Override
    public void opened() {
      whenWanted(replier, () -> answer(key, copyClockTime, replier, false));
    }

    @Override
    public void moved() {
      refuse(replier);
    }

    @Override
    public void failed(String reason) {
      ExtGetResult.FAILED.write(replier.begin());
    }
  }
}
