package io.kumo.tools.bench;

import io.kumo.tools.bench.codec.Request;

/** Says what to send next; confined to one thread. */
interface RequestSource {

  /** Fills in {@code request}; false when there is nothing more to send. */
  boolean next(Request request);

  /** A source that stores each value key, and each counter when {@code counters}, once. */
  static RequestSource populating(LoadSpec spec, long from, long to, boolean counters) {
    return new Populating(spec, from, to, counters);
  }

  /** An endless source of the mix. */
  static RequestSource mixed(LoadSpec spec, int thread) {
    return new Mixed(spec, thread);
  }
}
