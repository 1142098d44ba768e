package io.kumo.core.tokyo;

/**
 * Whether the bucket array and the children in records point to each record once, from within the
 * record's own bucket, and to nothing else. Only a sum over pairs of bucket and offset is kept, so
 * that one pass over a file of any size suffices; a wrong file passes with a chance of 2^-64.
 */
final class IndexCheck {
  private long pointers;
  private long records;
  private long sum;

  void pointer(long bucket, long offset) {
    pointers++;
    sum += mix(bucket, offset);
  }

  void record(long bucket, long offset) {
    records++;
    sum -= mix(bucket, offset);
  }

  /** At the end of a file whose header tells of so many records. */
  void finish(long expectedRecords) throws TchException {
    if (records != expectedRecords) {
      throw new TchException(
          "it is damaged: it holds "
              + records
              + " records, and its header says "
              + expectedRecords);
    }
    if (pointers != records || sum != 0) {
      throw new TchException("it is damaged: its index does not lead to its records");
    }
  }

  private static long mix(long bucket, long offset) {
    return scramble(scramble(bucket + 1) ^ offset);
  }

  private static long scramble(long bits) {
    long x = bits + 0x9e3779b97f4a7c15L;
    x = (x ^ (x >>> 30)) * 0xbf58476d1ce4e5b9L;
    x = (x ^ (x >>> 27)) * 0x94d049bb133111ebL;
    return x ^ (x >>> 31);
  }
}
