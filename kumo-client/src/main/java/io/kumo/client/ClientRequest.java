package io.kumo.client;

import io.kumo.core.route.request.KeyCommand;
import io.kumo.core.route.request.KeyOutcome;
import io.kumo.core.route.request.KeyRequest;
import io.kumo.core.route.request.KeyStatus;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request from its submission to the completion of its future. Filled by the thread that asks,
 * then confined to the client's loop.
 *
 * @param <T> what the future gives
 */
final class ClientRequest<T> implements KeyCommand {
  private static final Logger LOG = LoggerFactory.getLogger(ClientRequest.class);

  private final KeyRequest request;
  private final KeyOutcome outcome = new KeyOutcome();
  private final CompletableFuture<T> future = new CompletableFuture<>();
  private final Function<ClientRequest<T>, T> result;
  private final InFlight inFlight;
  private final @Nullable Executor executor;
  private KeyStatus status = KeyStatus.GET_FAILED;
  private long heldBytes;
  private boolean abandoned;

  /** Neighbours among the requests that are under way; the loop's. */
  @Nullable ClientRequest<?> next;

  @Nullable ClientRequest<?> previous;

  /**
   * @param result makes of a request that is answered without an error what the future gives
   * @param executor completes the future; null for the loop
   */
  ClientRequest(
      byte[] keyPrefix,
      Function<ClientRequest<T>, T> result,
      InFlight inFlight,
      @Nullable Executor executor) {
    this.request = new KeyRequest(keyPrefix);
    this.result = result;
    this.inFlight = inFlight;
    this.executor = executor;
  }

  CompletableFuture<T> future() {
    return future;
  }

  @Override
  public KeyRequest request() {
    return request;
  }

  @Override
  public KeyOutcome outcome() {
    return outcome;
  }

  KeyStatus status() {
    return status;
  }

  /** Counts it, with so many bytes of its value and keys; false when there is no room. */
  boolean admit(long bytes) {
    heldBytes = bytes;
    return inFlight.begin(bytes);
  }

  /** The loop takes it over. */
  void prepare() {
    outcome.found().prepare(request.keys().size());
  }

  /** There was no room for it, or it makes no sense to send it. */
  CompletableFuture<T> refuse(KumoException why) {
    request.clear();
    future.completeExceptionally(why);
    return future;
  }

  /** It was counted, and is never sent. Any thread, before the loop has it. */
  void withdraw(KumoException why) {
    clear();
    finish(() -> future.completeExceptionally(why));
  }

  /** Nobody waits any more; what is on its way is let go of when it comes. */
  void abandon(KumoException why) {
    abandoned = true;
    finish(() -> future.completeExceptionally(why));
  }

  @Override
  public void complete(KeyStatus newStatus) {
    status = newStatus;
    RequestLoop.leave(this);
    if (abandoned) {
      clear();
    } else if (newStatus.isError()) {
      KumoException why = Failures.of(newStatus, outcome.reason());
      clear();
      finish(() -> future.completeExceptionally(why));
    } else {
      T value = result.apply(this);
      clear();
      finish(() -> future.complete(value));
    }
  }

  private void clear() {
    inFlight.end(heldBytes);
    request.clear();
    outcome.clear();
  }

  /** An executor that takes nothing any more must not leave anybody waiting. */
  private void finish(Runnable completion) {
    if (executor == null) {
      completion.run();
      return;
    }
    try {
      executor.execute(completion);
    } catch (RejectedExecutionException e) {
      LOG.debug("completing on the loop: {}", e.getMessage());
      completion.run();
    }
  }

  @Override
  public boolean mayHold(int bytes) {
    boolean first = outcome.foundBytes() == 0;
    if (abandoned || !inFlight.hold(first ? heldBytes : -1, bytes)) {
      return false;
    }
    outcome.addFoundBytes(bytes);
    heldBytes += bytes;
    return true;
  }

  @Override
  public boolean isAbandoned() {
    return abandoned || future.isCancelled();
  }
}
