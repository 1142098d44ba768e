package io.kumo.it.memcached;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Speaks one protocol on one connection. Keys and values are Latin-1. */
interface McDriver extends AutoCloseable {
  /** Whether a protocol can say more than the classic text one. */
  default boolean comparesOnDelete() {
    return true;
  }

  /** Whether counters can be made by the increment. */
  default boolean createsCounters() {
    return true;
  }

  /** Whether a connection lives on after a request that makes no sense. */
  default boolean survivesBadRequests() {
    return true;
  }

  /** Whether it is a gateway that answers, with a version and statistics of its own. */
  default boolean asksAGateway() {
    return true;
  }

  Outcome store(Verb verb, String key, String value, long flags, long expiry) throws IOException;

  Outcome cas(String key, String value, long unique) throws IOException;

  /** Stores without being answered when it works. */
  void storeQuietly(Verb verb, String key, String value) throws IOException;

  void deleteQuietly(String key) throws IOException;

  @Nullable Hit get(String key) throws IOException;

  /** In one request, or one quiet run; null for what was not found. */
  List<@Nullable Hit> getAll(List<String> keys) throws IOException;

  Outcome delete(String key) throws IOException;

  Outcome deleteIf(String key, long unique) throws IOException;

  Count incr(String key, long delta) throws IOException;

  Count decr(String key, long delta) throws IOException;

  /** Makes the counter when it is not there. */
  Count incr(String key, long delta, long initial, long expiry) throws IOException;

  Outcome touch(String key, long expiry) throws IOException;

  @Nullable Hit getAndTouch(String key, long expiry) throws IOException;

  Outcome flush(long delaySeconds) throws IOException;

  String version() throws IOException;

  Map<String, String> stats(String argument) throws IOException;

  /** A command that does not exist. */
  Outcome nonsense() throws IOException;

  @Override
  void close() throws IOException;
}
