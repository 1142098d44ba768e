package io.kumo.manager.control;

/**
 * How patient a manager is.
 *
 * @param keepaliveNs interval between signs of life
 * @param replaceDelayNs between the last server that came or went and an automatic replace
 * @param maxClockSkewMs by which the clock of an active server may differ
 */
public record ManagerTimes(long keepaliveNs, long replaceDelayNs, long maxClockSkewMs) {}
