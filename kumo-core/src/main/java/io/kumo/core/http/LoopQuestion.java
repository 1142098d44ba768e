package io.kumo.core.http;

import io.kumo.core.transport.Transport;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Has something that belongs to an event loop read there, for a thread that may wait. */
public final class LoopQuestion {
  private static final long PATIENCE_SECONDS = 2;

  private LoopQuestion() {}

  /**
   * Waits for the answer. Not on the loop.
   *
   * @param question asked on the loop
   * @throws IOException when the loop does not come to it within two seconds, or it failed there
   */
  public static <T> T ask(Transport transport, Supplier<T> question) throws IOException {
    CompletableFuture<T> answer = new CompletableFuture<>();
    transport.execute(
        () -> {
          try {
            answer.complete(question.get());
          } finally {
            answer.completeExceptionally(new IllegalStateException("a bug; the log has it"));
          }
        });
    try {
      return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IOException("its event loop is busy", e);
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause().getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("it stops", e);
    }
  }
}
