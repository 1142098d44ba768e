package io.kumo.tools.top;

import org.jspecify.annotations.Nullable;

/**
 * What a gateway said, and how fast it came about since the last look.
 *
 * @param connections of clients
 * @param failures commands answered SERVER_ERROR since it started
 * @param error why it said nothing, or null
 */
record GatewayRow(
    String gateway,
    long getsPerSecond,
    long setsPerSecond,
    long connections,
    long failures,
    @Nullable String error) {}
