package io.kumo.tools.importing;

import io.kumo.core.item.ClientTime;
import io.kumo.core.route.request.KeyCommand;
import io.kumo.core.route.request.KeyOperation;
import io.kumo.core.route.request.KeyOptions;
import io.kumo.core.route.request.KeyOutcome;
import io.kumo.core.route.request.KeyRequest;
import io.kumo.core.route.request.KeyStatus;
import io.kumo.tools.importing.source.ImportRecord;
import io.netty.buffer.Unpooled;

/**
 * One record on its way to its coordinator, tried again until it is there, the cluster has
 * something newer, or refuses it. Made by any thread, then confined to the loop.
 */
final class RecordLoad implements KeyCommand {
  private static final byte[] NO_PREFIX = {};

  private final KeyRequest request = new KeyRequest(NO_PREFIX);
  private final KeyOutcome outcome = new KeyOutcome();
  private final Ends ends;
  private final long number;
  private final int bytes;
  private int failures;

  /** Hears how it ends; on the loop. */
  interface Ends {
    /** {@code why} for one that is refused, else empty. */
    void ended(RecordLoad command, LoadResult result, String why);

    /** Nobody knows whether it is there. */
    void failed(RecordLoad command, String why);
  }

  /**
   * @param number that the window gave it
   */
  RecordLoad(Ends ends, long number, ImportRecord record) {
    this.ends = ends;
    this.number = number;
    this.bytes = record.bytes();
    request.keys().add(record.key(), 0, record.key().length);
    outcome.found().prepare(1);
    request.addOption(KeyOptions.UNLESS_NEWER);
    request.newCas(record.version());
    switch (record.action()) {
      case STORE -> {
        request.operation(KeyOperation.SET);
        request.value(Unpooled.wrappedBuffer(record.value()));
        request.flags(record.flags());
        request.expiry(record.expiry());
      }
      // An item that has expired hides what is older like a tombstone, is dropped like one, and
      // remembers the version, which a tombstone cannot.
      case REMOVE -> {
        request.operation(KeyOperation.SET);
        request.value(Unpooled.EMPTY_BUFFER);
        request.expiry(ClientTime.PAST);
      }
      case TOUCH -> {
        request.operation(KeyOperation.TOUCH);
        request.expiry(record.expiry());
      }
    }
  }

  long number() {
    return number;
  }

  int bytes() {
    return bytes;
  }

  /** How often it has failed. */
  int failures() {
    return failures;
  }

  @Override
  public KeyRequest request() {
    return request;
  }

  @Override
  public KeyOutcome outcome() {
    return outcome;
  }

  @Override
  public void complete(KeyStatus status) {
    switch (status) {
      case STORED, TOUCHED -> end(LoadResult.LOADED, "");
      case EXISTS -> {
        boolean same = outcome.casUnique() == request.newCas();
        end(same ? LoadResult.THERE : LoadResult.NEWER, "");
      }
      case NOT_STORED -> end(LoadResult.REFUSED, "ahead of the cluster's clock");
      case NOT_FOUND -> end(LoadResult.REFUSED, "expiry times of keys that are not there");
      case TOO_LARGE -> end(LoadResult.REFUSED, "values too large");
      case GET_FAILED, STORE_FAILED, DELETE_FAILED, GET_OUT_OF_MEMORY -> fail();
      case FETCHED, DELETED, COUNTED, NON_NUMERIC ->
          throw new IllegalStateException("an import was answered " + status);
    }
  }

  private void end(LoadResult result, String why) {
    request.clear();
    outcome.clear();
    ends.ended(this, result, why);
  }

  private void fail() {
    String reason = outcome.reason();
    outcome.clear();
    outcome.found().prepare(1);
    failures++;
    ends.failed(this, reason == null ? "servers did not answer in time" : reason);
  }
}
