package io.kumo.core.item;

import io.netty.buffer.ByteBufAllocator;

/**
 * Under which a {@link Mutation} is decided.
 *
 * @param clockTime of the record that is written, if one is
 * @param nowSeconds unix seconds
 * @param flushClockTime records up to it are absent; 0 if there was no flush_all
 * @param maxValueBytes bytes of data that an item may have
 * @param allocator of the record that is written
 */
public record Conditions(
    long clockTime,
    long nowSeconds,
    long flushClockTime,
    int maxValueBytes,
    ByteBufAllocator allocator) {}
