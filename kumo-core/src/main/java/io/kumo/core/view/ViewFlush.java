package io.kumo.core.view;

/**
 * The flushes that a view knows of.
 *
 * @param time ClockTime up to which records are absent; 0 if there was no flush
 * @param orderedTime ClockTime at which a later one was ordered or called off; 0 if there never was
 *     one
 * @param dueSeconds when it is due, unix seconds; 0 if it is done or called off
 */
public record ViewFlush(long time, long orderedTime, long dueSeconds) {
  public static final ViewFlush NONE = new ViewFlush(0, 0, 0);
}
