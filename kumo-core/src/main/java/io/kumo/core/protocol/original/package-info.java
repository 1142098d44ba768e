/** The messages of kumofs 0.4.13, byte for byte. */
@NullMarked
package io.kumo.core.protocol.original;

import org.jspecify.annotations.NullMarked;
