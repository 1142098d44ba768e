package io.kumo.core.route;

import io.kumo.core.item.ItemLayout;
import io.kumo.core.route.request.ReadLevel;
import java.time.Duration;

/**
 * How servers are treated and lays out records.
 *
 * @param getRetry a read makes at most three times as many attempts ({@code -G})
 * @param setRetry attempts of a store after the first ({@code -S})
 * @param deleteRetry attempts of a delete after the first ({@code -D})
 * @param deadlineNs after which a command is answered SERVER_ERROR whatever is left to try
 * @param asyncSet stores are answered before the replicas have them ({@code -As})
 * @param asyncDelete deletes likewise ({@code -Ad})
 * @param layout of records without a kumo item ({@code -F}, {@code -E}, {@code --original-layout})
 * @param maxValueBytes of an item
 * @param reads whose record may be shown ({@code --reads})
 */
public record RouterOptions(
    int getRetry,
    int setRetry,
    int deleteRetry,
    long deadlineNs,
    boolean asyncSet,
    boolean asyncDelete,
    ItemLayout layout,
    int maxValueBytes,
    ReadLevel reads) {
  public static final RouterOptions DEFAULT =
      new RouterOptions(
          5, 20, 20, Duration.ofSeconds(10).toNanos(), false, false, ItemLayout.KUMO, 1 << 20);

  /** With reads as the original's. */
  public RouterOptions(
      int getRetry,
      int setRetry,
      int deleteRetry,
      long deadlineNs,
      boolean asyncSet,
      boolean asyncDelete,
      ItemLayout layout,
      int maxValueBytes) {
    this(
        getRetry,
        setRetry,
        deleteRetry,
        deadlineNs,
        asyncSet,
        asyncDelete,
        layout,
        maxValueBytes,
        ReadLevel.AVAILABLE);
  }

  public RouterOptions withMaxValueBytes(int bytes) {
    return new RouterOptions(
        getRetry, setRetry, deleteRetry, deadlineNs, asyncSet, asyncDelete, layout, bytes, reads);
  }

  public RouterOptions withReads(ReadLevel level) {
    return new RouterOptions(
        getRetry,
        setRetry,
        deleteRetry,
        deadlineNs,
        asyncSet,
        asyncDelete,
        layout,
        maxValueBytes,
        level);
  }
}
