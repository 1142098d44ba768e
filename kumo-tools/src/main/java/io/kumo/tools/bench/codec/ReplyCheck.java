package io.kumo.tools.bench.codec;

import java.nio.ByteBuffer;

/** Whether a value is one that the load can have stored under the key that was asked for. */
public final class ReplyCheck {

  private final KeySpace keys;
  private final Values values;
  private final boolean contents;

  public ReplyCheck(KeySpace keys, Values values, boolean contents) {
    this.keys = keys;
    this.values = values;
    this.contents = contents;
  }

  /** A value that came without its key, so it must be that of the request's first key. */
  boolean value(ByteBuffer in, int position, int length, BenchRequest request) {
    return !contents || values.matches(in, position, length, request.indexes[0]);
  }

  /** A value that came with its key. Several keys are answered in the order of the request. */
  boolean keyAndValue(
      ByteBuffer in,
      int keyPosition,
      int keyLength,
      int position,
      int length,
      BenchRequest request) {
    if (!contents) {
      return true;
    }
    long index = keys.read(in, keyPosition, keyLength);
    return asked(request, index) && values.matches(in, position, length, index);
  }

  private static boolean asked(BenchRequest request, long index) {
    for (int i = 0; i < request.keyCount; i++) {
      if (request.indexes[i] == index) {
        return true;
      }
    }
    return false;
  }
}
