package io.kumo.core.protocol.desk;

import io.kumo.core.protocol.Limits;
import java.util.Locale;
import java.util.Optional;

/** A setting of a node that may be changed while it runs. */
public enum NodeSetting {
  /** Of servers: bytes a second that a rebalance may send; 0 for no limit. */
  THROTTLE(1, 0, Limits.MAX_RATE_BYTES),
  /** Of servers: from how many nanoseconds on a write is noted as slow. */
  SLOW_WRITE(2, 0, Limits.MAX_SLOW_NS),
  /** Of managers: nanoseconds until a server that was started anew rejoins; -1 for never. */
  REJOIN_AFTER(3, -1, Limits.MAX_REJOIN_NS),
  /** Of servers: bytes a second that are read for their checksums; 0 for off. */
  SCRUB_RATE(4, 0, Limits.MAX_RATE_BYTES),
  /** Of managers and servers: nanoseconds between heartbeats. */
  KEEPALIVE_INTERVAL(5, Limits.MIN_KEEPALIVE_NS, Limits.MAX_KEEPALIVE_NS),
  /** Of gateways: bytes of the greatest value that may be stored. */
  MAX_ITEM_SIZE(6, Limits.MIN_VALUE_BYTES, Limits.MAX_VALUE_BYTES),
  /** Of gateways: clients. */
  MAX_CONNECTIONS(7, 1, Limits.MAX_CLIENTS),
  /** Of gateways: whose records readers are shown; 0 the coordinator's alone, 1 another's, too. */
  READS(8, 0, 1);

  private final int id;
  private final long least;
  private final long most;

  NodeSetting(int id, long least, long most) {
    this.id = id;
    this.least = least;
    this.most = most;
  }

  /** As on the wire. */
  public int id() {
    return id;
  }

  /** The least value. */
  public long least() {
    return least;
  }

  /** The greatest value. */
  public long most() {
    return most;
  }

  /** Whether it is within the bounds. */
  public boolean allows(long value) {
    return value >= least && value <= most;
  }

  /** As the option of the command line is called, without its dashes. */
  public String option() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<NodeSetting> byId(long id) {
    for (NodeSetting setting : values()) {
      if (setting.id == id) {
        return Optional.of(setting);
      }
    }
    return Optional.empty();
  }
}
