package io.kumo.server.store.engine;

import io.kumo.server.store.Patient;
import io.kumo.server.store.Stopwatch;
import io.kumo.server.store.StoreMeasurement;
import io.netty.buffer.ByteBuf;
import java.nio.file.Path;

/** 4000 keys that all have one hash, beside as many usual ones, in a store of a million records. */
public final class HostileMeasurement {
  private static final int HOSTILE = 4000;
  private static final int RECORDS = 1_000_000;
  private static final int ROUNDS = 50;

  private HostileMeasurement() {}

  public static void run(Path directory) {
    try (MapDbStore store = StoreMeasurement.open(directory)) {
      measure("filling", RECORDS, (keys, i) -> Patient.update(store, keys.key(i), keys.value()));
      for (int round = 0; round < 2; round++) {
        measure(
            "usual insert",
            HOSTILE,
            (k, i) -> Patient.update(store, k.key(RECORDS + i), k.value()));
        measure(
            "hostile insert", HOSTILE, (k, i) -> Patient.update(store, k.hostileKey(i), k.value()));
        measure(
            "usual get",
            HOSTILE * ROUNDS,
            (k, i) -> store.get(k.key(RECORDS + i % HOSTILE)).release());
        measure(
            "hostile get",
            HOSTILE * ROUNDS,
            (k, i) -> store.get(k.hostileKey(i % HOSTILE)).release());
        measure(
            "usual set",
            HOSTILE * ROUNDS,
            (k, i) -> Patient.update(store, k.key(RECORDS + i % HOSTILE), k.value()));
        measure(
            "hostile set",
            HOSTILE * ROUNDS,
            (k, i) -> Patient.update(store, k.hostileKey(i % HOSTILE), k.value()));
        measure("usual remove", HOSTILE, (k, i) -> remove(store, k.key(RECORDS + i)));
        measure("hostile remove", HOSTILE, (k, i) -> remove(store, k.hostileKey(i)));
      }
    }
  }

  private static void remove(MapDbStore store, ByteBuf key) {
    if (!Patient.removeIf(store, key, store.clockTime(key))) {
      throw new IllegalStateException("a record is missing");
    }
  }

  private static void measure(String what, int times, Stopwatch.Step step) {
    Stopwatch.measure(what, 1, times, RECORDS, 74, step);
  }
}
