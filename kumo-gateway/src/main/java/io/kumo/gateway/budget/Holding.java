package io.kumo.gateway.budget;

/**
 * What one connection holds besides its requests under way: what has arrived of an unfinished one,
 * and replies that its client has not read. Confined to its event loop.
 */
public final class Holding {
  private long unfinished;
  private long unfinishedSinceNs;
  private boolean excused;
  private long unread;
  private long unreadSinceNs;
  private long written;
  private long turnedOver;

  /**
   * Sets what unfinished requests take. Returns by how much the whole has changed.
   *
   * @param begins whether another request than before is the unfinished one
   * @param isExcused whether it waits for the gateway, and not the gateway for its client
   */
  public long unfinished(long bytes, long nowNs, boolean begins, boolean isExcused) {
    excused = isExcused;
    if (unfinished == 0 || begins) {
      unfinishedSinceNs = nowNs;
    }
    long change = bytes - unfinished;
    unfinished = bytes;
    return change;
  }

  /** Counts bytes of replies that were given to the socket. */
  public void written(long bytes) {
    written += bytes;
  }

  /**
   * Sets what is left of the replies given to the socket. They count as unread since all that was
   * unread at some time has been read. Returns by how much the whole has changed.
   */
  public long unread(long bytes, long nowNs) {
    if (unread == 0 || written - bytes >= turnedOver) {
      unreadSinceNs = nowNs;
      turnedOver = written;
    }
    long change = bytes - unread;
    unread = bytes;
    return change;
  }

  public long unfinishedBytes() {
    return unfinished;
  }

  public long unreadBytes() {
    return unread;
  }

  public long bytes() {
    return unfinished + unread;
  }

  /** Bytes that it holds because its client does not go on. */
  public long blamedBytes() {
    return unread + (excused ? 0 : unfinished);
  }

  /** For how long the older of the two has been held. */
  public long ageNs(long nowNs) {
    long unfinishedNs = unfinished == 0 ? 0 : nowNs - unfinishedSinceNs;
    long unreadNs = unread == 0 ? 0 : nowNs - unreadSinceNs;
    return Math.max(unfinishedNs, unreadNs);
  }

  /** Bytes times the time for which they have been held: much for long weighs most. */
  public double weight(long nowNs) {
    double arriving = unfinished == 0 ? 0 : (double) unfinished * (nowNs - unfinishedSinceNs + 1);
    double leaving = unread == 0 ? 0 : (double) unread * (nowNs - unreadSinceNs + 1);
    return arriving + leaving;
  }
}
