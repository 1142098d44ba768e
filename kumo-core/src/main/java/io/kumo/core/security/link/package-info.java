/** The handshake that opens a link between nodes and tools: docs/internals/handshake.md. */
@NullMarked
package io.kumo.core.security.link;

import org.jspecify.annotations.NullMarked;
