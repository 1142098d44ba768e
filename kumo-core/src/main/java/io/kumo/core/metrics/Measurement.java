package io.kumo.core.metrics;

/**
 * One number of a process.
 *
 * @param name in snake case, such as {@code kumo_gateway_bytes_read_total}
 * @param growing whether it only ever grows while the process lives
 * @param help one sentence without a line break
 */
public record Measurement(String name, boolean growing, String help, long value) {}
