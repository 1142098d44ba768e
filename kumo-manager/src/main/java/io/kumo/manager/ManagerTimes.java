package io.kumo.manager;

/**
 * How patient a manager is.
 *
 * @param keepaliveNs interval between heartbeats
 * @param reconnectNs by when a node that can be reached again has connected again
 * @param replaceDelayNs between the last server that came or went and an automatic replace
 * @param maxClockSkewMs by which the clock of an active server may differ
 * @param rejoinNs by when a server that was started anew rejoins by itself; {@link #NEVER} for not
 */
public record ManagerTimes(
    long keepaliveNs, long reconnectNs, long replaceDelayNs, long maxClockSkewMs, long rejoinNs) {
  public static final long NEVER = -1;
}
