package io.kumo.core.route.request;

/** Whose record may be shown to a reader. */
public enum ReadLevel {
  /**
   * That of the key's coordinator, which answers under its lease where views count by votes: no
   * reader sees less than another saw before. Where no coordinator answers the read fails.
   */
  LINEARIZABLE(0),
  /**
   * Another replica's, too, when the coordinator does not answer: it may be an old one. It is
   * counted, and the replicas are compared afterwards.
   */
  AVAILABLE(1);

  private final int id;

  ReadLevel(int id) {
    this.id = id;
  }

  /** As settings on the wire tell it. */
  public int id() {
    return id;
  }

  /** The more careful one of a number that is none. */
  public static ReadLevel byId(long id) {
    return id == AVAILABLE.id ? AVAILABLE : LINEARIZABLE;
  }
}
