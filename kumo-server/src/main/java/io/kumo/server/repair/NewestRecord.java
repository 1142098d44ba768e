package io.kumo.server.repair;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.AppliedRequest;
import io.kumo.core.protocol.RequestHistory;
import io.kumo.core.protocol.extended.FetchResult;
import io.kumo.server.replica.Checksums;
import io.kumo.server.write.ClientWrites;
import io.kumo.server.write.round.RoundQuestion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which record of a key is the newest, by what this server has and what the others say, and which
 * requests are known to have been applied to it. Decides only; main loop only.
 */
final class NewestRecord {
  private final @Nullable ByteBuf own;
  private @Nullable ByteBuf newest;
  private boolean differs;
  private final List<AppliedRequest> requests = new ArrayList<>();

  /** ClockTimes of the records of which somebody knows all requests. */
  private final Set<Long> wholeAt = new HashSet<>(4);

  /**
   * @param own the raw value here, in memory of its own; null when there is none
   * @param history what is remembered here of the key's requests
   */
  NewestRecord(@Nullable ByteBuf own, RequestHistory history) {
    this.own = own;
    this.newest = own;
    learn(history, clockTimeOf(own));
  }

  /**
   * What another server has; copies what it keeps.
   *
   * @param former whether that is a replica no longer: that it lacks the record is as it should be
   */
  void add(FetchResult result, boolean former) {
    learn(result.history(), result.clockTime());
    ByteBuf value = result.value();
    if (result.status() == FetchResult.Status.VALUE && value != null) {
      differs = true;
      if (isNewer(value)) {
        newest = ClientWrites.copy(value);
      }
    } else {
      differs |= !former && result.clockTime() != clockTimeOf(own);
    }
  }

  private void learn(RequestHistory history, long clockTime) {
    requests.addAll(history.requests());
    if (history.whole()) {
      wholeAt.add(clockTime);
    }
  }

  /** At equal ClockTimes the greater bytes win. */
  private boolean isNewer(ByteBuf value) {
    ByteBuf best = newest;
    return best == null
        || ClockTime.isNewer(clockTimeOf(value), clockTimeOf(best))
        || (clockTimeOf(value) == clockTimeOf(best) && ByteBufUtil.compare(value, best) > 0);
  }

  /** The raw value that was here; null when there was none. */
  @Nullable ByteBuf own() {
    return own;
  }

  /** The newest raw value; null when nobody has one. */
  @Nullable ByteBuf value() {
    return newest;
  }

  /** Of {@link #value}; 0 when there is none. */
  long clockTime() {
    return clockTimeOf(newest);
  }

  /** Whether some replica may lack {@link #value}. */
  boolean differs() {
    return differs;
  }

  /** What is known of the newest record; all, if one of those that had it knows all. */
  RequestHistory history() {
    List<AppliedRequest> latest = requests.stream().distinct().toList();
    int excess = Math.max(0, latest.size() - RequestHistory.MAX_REQUESTS);
    boolean whole = excess == 0 && wholeAt.contains(clockTime());
    return new RequestHistory(latest.subList(excess, latest.size()), whole);
  }

  /** What the others are asked: whether theirs is newer than {@link #own}, or another value. */
  RoundQuestion question(ByteBuf rawKey) {
    int checksum = own == null ? 0 : Checksums.of(own);
    return new RoundQuestion(rawKey, clockTimeOf(own), checksum);
  }

  /** Bytes of the values that it holds; one that is both counts twice. */
  long bytes() {
    return bytes(own) + bytes(newest);
  }

  private static long bytes(@Nullable ByteBuf value) {
    return value == null ? 0 : value.readableBytes();
  }

  static long clockTimeOf(@Nullable ByteBuf value) {
    return value == null ? 0 : value.getLong(value.readerIndex());
  }
}
