package io.kumo.gateway.metrics;

import io.kumo.core.metrics.Measurement;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that a gateway counts, in one place. The lower-case name is the one in the answer to
 * {@code stats}: memcached's where the meaning is the same. To metrics systems it has the name that
 * the Prometheus project's memcached_exporter gives it, where there is one: {@code commands_total}
 * with the command and what came of it, {@code read_bytes_total} and so on.
 */
public enum GatewayMetric {
  CMD_GET("Keys asked for."),
  CMD_SET("set", "hit"),
  TOTAL_ITEMS(Kind.COUNTER, "items", "Stores of any kind done."),
  CMD_FLUSH("flush", "hit"),
  CMD_TOUCH("Keys asked to be given a new expiry."),
  CMD_META("Meta commands."),
  GET_HITS("get", "hit"),
  GET_MISSES("get", "miss"),
  DELETE_MISSES("delete", "miss"),
  DELETE_HITS("delete", "hit"),
  INCR_MISSES("incr", "miss"),
  INCR_HITS("incr", "hit"),
  DECR_MISSES("decr", "miss"),
  DECR_HITS("decr", "hit"),
  CAS_MISSES("cas", "miss"),
  CAS_HITS("cas", "hit"),
  CAS_BADVAL("cas", "badval"),
  TOUCH_HITS("touch", "hit"),
  TOUCH_MISSES("touch", "miss"),
  STORE_TOO_LARGE("Values refused for their size."),
  LISTED_KEYS("Keys told to clients that asked for all."),
  TOO_MANY_KEYS("Gets refused for their number of keys."),
  TOTAL_CONNECTIONS(Kind.COUNTER, "connections", "Connections that clients have opened."),
  REJECTED_CONNECTIONS(
      Kind.COUNTER, "connections_rejected", "Connections refused because there were too many."),
  LISTEN_DISABLED_NUM(
      Kind.COUNTER,
      "connections_listener_disabled",
      "Times that accepting paused, for want of file descriptors mostly."),
  IDLE_KICKS("Connections closed because nothing was asked on them."),
  BYTES_READ(Kind.COUNTER, "read_bytes", "Bytes from clients."),
  BYTES_WRITTEN(Kind.COUNTER, "written_bytes", "Bytes to clients."),
  SLOW_READER_PAUSES("Times that a client was not read from because it did not drain its replies."),
  LIMIT_PAUSES("Times that a client was not read from because it held too much."),
  AUTH_CMDS("Names and passwords that clients have given."),
  AUTH_ERRORS("Those that were wrong."),
  PASSWORDS_REFUSED("Hashed passwords not compared because too many waited."),
  NOT_PERMITTED("Commands refused because their user may not give them."),
  STRANGERS_CLOSED("Connections closed because their clients did not say in time who they are."),
  TLS_FAILURES("Handshakes of TLS with clients that failed."),
  CONN_YIELDS(
      Kind.COUNTER,
      "connections_yielded",
      "Times that a client with many requests at once let others go first."),
  UPLOADS_GIVEN_UP("Values that were arriving, and refused to make room."),
  MEMORY_KICKS("Connections closed to make room: unread replies and unfinished lines."),
  VALUES_REFUSED("Values found, and not held for want of room."),
  READ_WAITS("Times that a read of large values waited for others, or for room."),
  CLIENT_READ_WAITS("Times that a read of large values waited for its client's earlier ones."),
  LARGE_READS("Reads of which a large value was expected, one above 16 KB."),
  POSTPONED_READS("Reads put off until large values are wanted, for theirs may be one."),
  UPLOAD_WAITS("Times that a client sending a large value was read from in its turn."),
  CUT_INPUT_TURNS("Turns in which so much came from clients that each was read little of."),
  ABANDONED_READS("Reads not sent because their client had gone."),
  FAILURES("Commands answered SERVER_ERROR."),
  BUGS("Connections closed because of a mistake in this program."),
  SERVER_ERRORS("Attempts that ended in an error of the server or the connection."),
  SERVER_REFUSALS("Attempts refused by a server that knew other hash spaces."),
  FALL_THROUGH_READS("Reads of another replica because the coordinator did not answer."),
  READ_REPAIRS_QUEUED("Keys read from another replica whose coordinator is to compare all."),
  READ_REPAIRS_SENT("Read repairs whose coordinator has been asked."),
  READ_REPAIRS_DROPPED("Read repairs given up: too many, or the coordinator stayed away."),
  TOMBSTONE_SEARCHES("Searches for a deleted record that a server of kumofs hides."),
  ROUTING_FAILURES("Keys for which nothing was left to try."),
  NEAR_CACHE_VALIDATIONS("Reads sent with the version of a copy in the near cache."),
  NEAR_CACHE_HITS("Reads whose copy in the near cache was the newest record."),
  NEAR_CACHE_MISSES("Reads of keys without a copy in the near cache."),
  NEAR_CACHE_EVICTIONS("Copies dropped from the near cache for want of room."),
  NEAR_CACHE_BYTES(Kind.GAUGE, "Bytes that the copies in the near cache take."),
  NEAR_CACHE_ITEMS(Kind.GAUGE, "Copies in the near cache."),
  CLOCK_AHEAD_MILLIS(
      Kind.GAUGE, "By which this clock is ahead of the servers', if not less than 1 s."),
  BYTES_ASKED(Kind.GAUGE, "Bytes of large values that servers have been asked for."),
  UNREAD_BYTES(Kind.GAUGE, "Bytes of replies that the network has not taken from this process."),
  CURR_CONNECTIONS(Kind.GAUGE, "current_connections", "Connections of clients."),
  BYTES_IN_FLIGHT(
      Kind.GAUGE,
      "Bytes that clients make it hold: requests under way and what they expect, unfinished"
          + " requests, unread replies.");

  /** How a metric moves. */
  public enum Kind {
    /** Up, from 0 at the start. */
    COUNTER,
    /** Up and down. */
    GAUGE
  }

  private static final String PREFIX = "kumo_gateway_";
  private static final String COMMANDS_HELP =
      "Commands of clients, a key each, by what was asked and what came of it.";

  private final Kind kind;
  private final String exported;
  private final String help;

  @SuppressWarnings("ImmutableEnumChecker") // unmodifiable
  private final SortedMap<String, String> labels;

  GatewayMetric(String help) {
    this(Kind.COUNTER, help);
  }

  GatewayMetric(Kind kind, String help) {
    this(kind, "", help, new TreeMap<>());
  }

  GatewayMetric(Kind kind, String exported, String help) {
    this(kind, exported, help, new TreeMap<>());
  }

  /** One of the commands that clients give. */
  GatewayMetric(String command, String status) {
    this(
        Kind.COUNTER,
        "commands",
        COMMANDS_HELP,
        new TreeMap<>(Map.of("command", command, "status", status)));
  }

  GatewayMetric(Kind kind, String exported, String help, SortedMap<String, String> labels) {
    this.kind = kind;
    this.exported = exported.isEmpty() ? name().toLowerCase(Locale.ROOT) : exported;
    this.help = help;
    this.labels = Collections.unmodifiableSortedMap(labels);
  }

  public Kind kind() {
    return kind;
  }

  /** As memcached's {@code stats} write it. */
  public String statName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** As metrics systems write it, such as {@code kumo_gateway_read_bytes_total}. */
  public String metricName() {
    return PREFIX + exported + (kind == Kind.COUNTER ? "_total" : "");
  }

  /** For metrics systems. */
  Measurement measurement(long value) {
    return new Measurement(metricName(), kind == Kind.COUNTER, help, labels, value);
  }
}
