package io.kumo.gateway.auth;

import io.kumo.core.log.LogId;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log of logins that failed: once a minute at most, however many there are. Thread-safe.
 */
final class FailedLogins {
  static final long PERIOD_NS = TimeUnit.MINUTES.toNanos(1);

  private static final Logger LOG = LoggerFactory.getLogger(FailedLogins.class);
  private static final int MAX_NAME_CHARS = 40;

  private long count;
  private @Nullable Long toldNs;

  /**
   * One more has failed.
   *
   * @param name that was given, a character a byte
   * @param from the address; empty for a client of the file system
   */
  void add(String name, String from, long nowNs) {
    String line = next(name, from, nowNs);
    if (line != null) {
      LOG.warn(LogId.LOGINS_FAIL, "{}", line);
    }
  }

  /** What is to be said now; null for nothing. */
  synchronized @Nullable String next(String name, String from, long nowNs) {
    count++;
    if (toldNs != null && nowNs - toldNs < PERIOD_NS) {
      return null;
    }
    toldNs = nowNs;
    String since = count == 1 ? "a login has failed" : count + " logins have failed since";
    count = 0;
    String where = from.isEmpty() ? "this machine" : from;
    return since + ", the last as '" + printable(name) + "' from " + where;
  }

  private static String printable(String name) {
    String start = name.length() > MAX_NAME_CHARS ? name.substring(0, MAX_NAME_CHARS) : name;
    return start.replaceAll("[^ -~]", "?");
  }
}
