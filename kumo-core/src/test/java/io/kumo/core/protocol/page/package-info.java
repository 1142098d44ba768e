/** The messages of docs/wire.md, byte by byte. */
@NullMarked
package io.kumo.core.protocol.page;

import org.jspecify.annotations.NullMarked;
