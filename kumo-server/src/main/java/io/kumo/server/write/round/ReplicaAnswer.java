package io.kumo.server.write.round;

import io.kumo.server.replica.ReplicaReply;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.SyncListener;
import org.jspecify.annotations.Nullable;

/** What a replica tells the coordinator: at once, or when what it has stored is durable. */
public interface ReplicaAnswer extends ReplicaReply, SyncListener {
  @Override
  default void synced(@Nullable StoreException failure) {
    if (failure == null) {
      stored();
    } else {
      failed(String.valueOf(failure.getMessage()));
    }
  }
}
