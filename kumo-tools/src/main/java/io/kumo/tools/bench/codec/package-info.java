/** The dialects of memcached that kumobench speaks. */
@NullMarked
package io.kumo.tools.bench.codec;

import org.jspecify.annotations.NullMarked;
