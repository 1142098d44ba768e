package io.kumo.core.protocol.desk;

import java.util.Locale;
import java.util.Optional;

/** A setting of a node that may be changed while it runs. */
public enum NodeSetting {
  /** Of servers: bytes a second that a rebalance may send; 0 for no limit. */
  THROTTLE(1),
  /** Of servers: from how many nanoseconds on a write is noted as slow. */
  SLOW_WRITE(2),
  /** Of managers: nanoseconds until a server that was started anew rejoins; -1 for never. */
  REJOIN_AFTER(3),
  /** Of servers: bytes a second that are read for their checksums; 0 for off. */
  SCRUB_RATE(4);

  private final int id;

  NodeSetting(int id) {
    this.id = id;
  }

  /** As on the wire. */
  public int id() {
    return id;
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
