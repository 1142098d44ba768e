package io.kumo.gateway.memcached;

/**
 * Counts what clients asked on one event loop and how it ended. Written by that loop alone; other
 * threads may read numbers that are a moment old.
 */
@SuppressWarnings("EnumOrdinal") // an index that never leaves the process
public final class McStats {
  /** What is counted; names as in the answer to {@code stats}. */
  public enum Counter {
    CMD_GET,
    CMD_SET,
    CMD_FLUSH,
    CMD_TOUCH,
    CMD_META,
    GET_HITS,
    GET_MISSES,
    DELETE_MISSES,
    DELETE_HITS,
    INCR_MISSES,
    INCR_HITS,
    DECR_MISSES,
    DECR_HITS,
    CAS_MISSES,
    CAS_HITS,
    CAS_BADVAL,
    TOUCH_HITS,
    TOUCH_MISSES,
    STORE_TOO_LARGE,
    TOTAL_CONNECTIONS,
    REJECTED_CONNECTIONS,
    IDLE_KICKS,
    BYTES_READ,
    BYTES_WRITTEN,
    /** Times that a connection was not read from because its replies were not drained. */
    SLOW_READER_PAUSES,
    /** Times that a connection was not read from because it held too much. */
    LIMIT_PAUSES,
    /** Commands answered SERVER_ERROR. */
    FAILURES,
    /** Connections closed because of a mistake in this program. */
    BUGS;

    private static final Counter[] ALL = values();
  }

  private final long[] counts = new long[Counter.ALL.length];

  public void add(Counter counter, long by) {
    counts[counter.ordinal()] += by;
  }

  public long get(Counter counter) {
    return counts[counter.ordinal()];
  }

  /** Begins again at 0, as {@code stats reset} asks; connection totals stay. */
  public void reset() {
    for (Counter counter : Counter.ALL) {
      if (counter != Counter.TOTAL_CONNECTIONS && counter != Counter.REJECTED_CONNECTIONS) {
        counts[counter.ordinal()] = 0;
      }
    }
  }

  /** Counts a completed command. */
  void count(McCommand command) {
    McStatus status = command.status();
    if (!command.operation().isKeyed()) {
      add(Counter.STORE_TOO_LARGE, status == McStatus.TOO_LARGE ? 1 : 0);
      add(Counter.CMD_FLUSH, command.operation() == McOperation.FLUSH_ALL ? 1 : 0);
      return;
    }
    add(Counter.FAILURES, isFailure(status) ? 1 : 0);
    boolean missed = status == McStatus.NOT_FOUND;
    switch (command.operation()) {
      case GET, GET_AND_TOUCH, META_GET -> countRead(command);
      case TOUCH -> {
        add(Counter.CMD_TOUCH, 1);
        add(missed ? Counter.TOUCH_MISSES : Counter.TOUCH_HITS, 1);
      }
      case SET, ADD, REPLACE, APPEND, PREPEND -> countStore(command, status);
      case DELETE -> add(missed ? Counter.DELETE_MISSES : Counter.DELETE_HITS, 1);
      case INCR -> add(missed ? Counter.INCR_MISSES : Counter.INCR_HITS, 1);
      case DECR -> add(missed ? Counter.DECR_MISSES : Counter.DECR_HITS, 1);
      case FLUSH_ALL, STATS, LOCAL, QUIT -> {}
    }
  }

  private static boolean isFailure(McStatus status) {
    return switch (status) {
      case GET_FAILED, STORE_FAILED, DELETE_FAILED, FLUSH_FAILED, TOMBSTONE_IN_THE_WAY -> true;
      default -> false;
    };
  }

  private void countRead(McCommand command) {
    int keys = command.keys().size();
    int found = 0;
    for (int i = 0; i < keys; i++) {
      found += command.hits().has(i) ? 1 : 0;
    }
    if (command.operation() == McOperation.GET_AND_TOUCH || command.has(McOptions.NEW_EXPIRY)) {
      add(Counter.CMD_TOUCH, keys);
      add(Counter.TOUCH_HITS, found);
      add(Counter.TOUCH_MISSES, keys - found);
    }
    add(Counter.CMD_GET, keys);
    add(Counter.GET_HITS, found);
    add(Counter.GET_MISSES, keys - found);
  }

  private void countStore(McCommand command, McStatus status) {
    add(Counter.CMD_SET, 1);
    if (!command.has(McOptions.COMPARE)) {
      return;
    }
    switch (status) {
      case STORED -> add(Counter.CAS_HITS, 1);
      case EXISTS -> add(Counter.CAS_BADVAL, 1);
      case NOT_FOUND -> add(Counter.CAS_MISSES, 1);
      default -> {}
    }
  }
}
