package io.kumo.server.write.round;

import io.kumo.core.protocol.extended.FetchResult;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.WriteResult;

/** Hears how the round ended: one call of one of these. */
public interface RoundListener {
  /** Every replica has the record; what became of it in the store of this server. */
  void committed(WriteResult result);

  /** Every other replica has the record, and the store of this server refuses it for good. */
  void notCommitted(StoreException failure);

  /** A replica has a newer one, of this ClockTime. */
  void overtaken(long clockTime);

  /** A replica could not be made to store it; others may have. */
  void failed(String reason);

  /** Hears what the replicas have, too. */
  interface Asker extends RoundListener {
    /**
     * What one replica has; borrows the buffers of the result for the length of the call.
     *
     * @param former whether it is a replica no longer: that it lacks the record is as it should be
     */
    void answered(FetchResult result, boolean former);

    /**
     * Nobody is left to be asked: {@link ReplicationRound#propagate} goes on, {@link
     * ReplicationRound#cancel} ends the round.
     */
    void allAnswered();
  }
}
