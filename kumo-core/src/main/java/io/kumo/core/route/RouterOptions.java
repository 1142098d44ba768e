package io.kumo.core.route;

import io.kumo.core.item.ItemLayout;
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
 */
public record RouterOptions(
    int getRetry,
    int setRetry,
    int deleteRetry,
    long deadlineNs,
    boolean asyncSet,
    boolean asyncDelete,
    ItemLayout layout,
    int maxValueBytes) {
  public static final RouterOptions DEFAULT =
      new RouterOptions(
          5, 20, 20, Duration.ofSeconds(10).toNanos(), false, false, ItemLayout.KUMO, 1 << 20);
}
