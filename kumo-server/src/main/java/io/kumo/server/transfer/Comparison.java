package io.kumo.server.transfer;

import io.kumo.core.protocol.extended.ConfirmRecords;
import io.kumo.server.replica.Checksums;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which records the target of a stream lacks: it is asked before they are sent. A server that was
 * away has most of them. An empty one has none, so that it is asked ever more rarely: after each
 * answer that it has hardly any, twice as many batches as before go without asking.
 *
 * <p>Holds the keys of at most one question and no values: what is lacking is read again when the
 * stream has room for it. Confined to the stream loop.
 */
final class Comparison {
  /** Records in one question; the target looks them all up without a break. */
  static final int MAX_RECORDS = 512;

  /**
   * Of so many records asked for, the target has to have more than one, or is asked more rarely.
   */
  private static final int HARDLY_ANY = 8;

  private static final int MAX_UNASKED_BATCHES = 64;

  /** What an entry takes on the wire beside its key, at most. */
  private static final int ENTRY_BYTES = 20;

  private final boolean possible;
  private final Deque<ByteBuf> lacking = new ArrayDeque<>();
  private List<ConfirmRecords.RecordVersion> question = new ArrayList<>();
  private boolean asks;
  private int unasked;
  private int nextUnasked = 1;
  private long questionBytes;

  /**
   * @param possible false for a target that does not understand the question
   */
  Comparison(boolean possible) {
    this.possible = possible;
    this.asks = possible;
  }

  /** Whether the target understands questions. */
  boolean isPossible() {
    return possible;
  }

  /** Whether the records of this batch are to be asked for, not sent. */
  boolean asks() {
    return asks;
  }

  /** Another batch begins. */
  void nextBatch() {
    asks = possible && unasked == 0;
    if (unasked > 0) {
      unasked--;
    }
  }

  /** Borrows both. */
  void add(ByteBuf rawKey, ByteBuf rawValue) {
    long clockTime = rawValue.getLong(rawValue.readerIndex());
    long checksum = Integer.toUnsignedLong(Checksums.of(rawValue));
    ByteBuf key = Unpooled.copiedBuffer(rawKey);
    question.add(new ConfirmRecords.RecordVersion(key, clockTime, checksum));
    questionBytes += key.readableBytes() + ENTRY_BYTES;
  }

  /** Of what was added only this is to be asked for. */
  void retain(Differences differences) {
    question.removeIf(record -> !differences.contains(record.key().getLong(0)));
    questionBytes = 0;
    question.forEach(record -> questionBytes += record.key().readableBytes() + ENTRY_BYTES);
  }

  boolean hasQuestion() {
    return !question.isEmpty();
  }

  /** Whether so many more records may not fit into the question. */
  boolean isFull(int more) {
    return question.size() + more > MAX_RECORDS;
  }

  /** What to ask the target. */
  List<ConfirmRecords.RecordVersion> question() {
    return question;
  }

  /**
   * Takes the answer to {@link #question} and returns how many records need not be sent.
   *
   * @param has one byte a record; what it does not tell of is lacking
   */
  int answered(byte[] has) {
    int asked = question.size();
    for (int i = 0; i < asked; i++) {
      if (i >= has.length || has[i] == 0) {
        lacking.add(question.get(i).key());
      }
    }
    question = new ArrayList<>();
    questionBytes = 0;
    int spared = asked - lacking.size();
    if (spared * HARDLY_ANY > asked) {
      nextUnasked = 1;
    } else {
      unasked = nextUnasked;
      nextUnasked = Math.min(2 * nextUnasked, MAX_UNASKED_BATCHES);
    }
    return spared;
  }

  /** The next record to send; null when there is none. Stays until {@link #sent}. */
  @Nullable ByteBuf nextLacking() {
    return lacking.peek();
  }

  void sent() {
    lacking.remove();
  }

  /** Whether everything met so far is in the stream, or is where it belongs. */
  boolean isIdle() {
    return question.isEmpty() && lacking.isEmpty();
  }

  /** The size of the question on the wire, nearly. */
  long questionBytes() {
    return questionBytes;
  }
}
