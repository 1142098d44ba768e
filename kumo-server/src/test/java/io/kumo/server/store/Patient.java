package io.kumo.server.store;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Writes as those who may wait do: what is refused because the store is busy is tried again. */
public final class Patient {
  private static final long PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(200);
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

  private Patient() {}

  public static WriteResult update(Store store, ByteBuf rawKey, ByteBuf rawValue) {
    return update(store, rawKey, rawValue, 0, 0);
  }

  static WriteResult update(
      Store store, ByteBuf rawKey, ByteBuf rawValue, long gatewayIncarnation, long sequence) {
    return write(() -> store.update(rawKey, rawValue, gatewayIncarnation, sequence));
  }

  public static boolean removeIf(Store store, ByteBuf rawKey, long clockTime) {
    return write(() -> store.removeIf(rawKey, clockTime));
  }

  static <T> T write(Supplier<T> step) {
    long waitedNs = 0;
    while (true) {
      try {
        return step.get();
      } catch (StoreException e) {
        if (e.code() != StoreException.Code.BUSY || waitedNs > PATIENCE_NS) {
          throw e;
        }
        LockSupport.parkNanos(PAUSE_NS);
        waitedNs += PAUSE_NS;
      }
    }
  }
}
