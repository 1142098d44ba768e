package io.kumo.server.control;

/** When a manager gave the last sign of life. Confined to the main loop. */
public final class ManagerContact {
  private boolean heard;
  private long heardNs;

  void heard(long nowNs) {
    heard = true;
    heardNs = nowNs;
  }

  boolean heardWithin(long periodNs, long nowNs) {
    return heard && nowNs - heardNs <= periodNs;
  }
}
