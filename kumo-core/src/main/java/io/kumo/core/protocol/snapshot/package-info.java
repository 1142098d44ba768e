/** The messages by which a tool takes an image of the whole cluster off its servers. */
@NullMarked
package io.kumo.core.protocol.snapshot;

import org.jspecify.annotations.NullMarked;
