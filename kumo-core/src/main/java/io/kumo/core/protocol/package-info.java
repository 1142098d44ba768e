/** Every message that kumo processes exchange, and its MessagePack bytes. */
@NullMarked
package io.kumo.core.protocol;

import org.jspecify.annotations.NullMarked;
