package io.kumo.tools.bench.codec;

import java.nio.ByteBuffer;

/** Writes requests and reads replies of one dialect; confined to one thread. */
public interface Codec {

  /** What a call of {@link #read} found. */
  enum Reply {
    /** Not all of it is there yet; what was consumed is remembered in the request. */
    INCOMPLETE,
    /** Done as asked; for reads, {@link BenchRequest#hits} says what was found. */
    OK,
    /** A delete or incr of a key that is not there. */
    NOT_FOUND,
    /** The server said that it failed. */
    ERROR,
    /** A value that was not stored under that key, or a reply that makes no sense. */
    WRONG
  }

  /** At most this many bytes for {@code request}. */
  int sizeOf(BenchRequest request);

  /** Appends the request. */
  void write(ByteBuffer out, BenchRequest request);

  /**
   * Consumes from {@code in} what belongs to the reply of {@code request}: whole values or all.
   * After {@link Reply#WRONG} the stream cannot be read further.
   */
  Reply read(ByteBuffer in, BenchRequest request);
}
