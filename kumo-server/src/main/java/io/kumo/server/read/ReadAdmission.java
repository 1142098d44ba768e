package io.kumo.server.read;

import io.kumo.core.ring.HashSpace;
import io.kumo.server.view.ViewHolder;
import io.kumo.server.write.Coordinator;
import io.kumo.server.write.KeyGate;
import io.netty.buffer.ByteBuf;

/**
 * May this server answer this read now? The one place that says so, for reads of every kind. It
 * only asks: the view who is responsible, {@link io.kumo.server.lifecycle.ReplicaLifecycle} what
 * this process may do, the coordinator whether a write holds the key, the gate whether the newest
 * record is surely here. Main loop only; nothing is allocated on the way.
 */
public final class ReadAdmission {
  /** What is to be done with a read. */
  public enum ReadVerdict {
    /** It is answered from the store. */
    ANSWER,
    /** This server knows of no hash space yet. */
    NOT_READY,
    /** Another server answers reads of the key, or this one may not at the moment. */
    NOT_RESPONSIBLE,
    /** It waits for a write whose client has been told already that it is stored. */
    AFTER_WRITE,
    /** It waits until the newest record of the key is surely here. */
    AFTER_RECOVERY
  }

  private final ViewHolder spaces;
  private final KeyGate gate;
  private final Coordinator writes;

  public ReadAdmission(ViewHolder spaces, KeyGate gate, Coordinator writes) {
    this.spaces = spaces;
    this.gate = gate;
    this.writes = writes;
  }

  /** Of a read that is sent to the key's coordinator. Borrows the key. */
  ReadVerdict asCoordinator(long hash, ByteBuf rawKey) {
    return spaces.holdsLease() ? underLease(hash, rawKey) : ReadVerdict.NOT_RESPONSIBLE;
  }

  /** The same of one of many, when {@link ViewHolder#holdsLease} was asked for all. */
  ReadVerdict underLease(long hash, ByteBuf rawKey) {
    if (!spaces.answersReads(hash)) {
      return ReadVerdict.NOT_RESPONSIBLE;
    }
    if (writes.holdsReads(hash)) {
      return ReadVerdict.AFTER_WRITE;
    }
    return gate.isOpen(hash, rawKey) ? ReadVerdict.ANSWER : ReadVerdict.AFTER_RECOVERY;
  }

  /** Of a read by a gateway of kumofs 0.4.13, which goes to any replica of the read hash space. */
  ReadVerdict byReadSpace(long hash) {
    HashSpace read = spaces.current().read();
    if (read.isEmpty()) {
      return ReadVerdict.NOT_READY;
    }
    return read.activeReplicas(hash).contains(spaces.self())
        ? ReadVerdict.ANSWER
        : ReadVerdict.NOT_RESPONSIBLE;
  }
}
