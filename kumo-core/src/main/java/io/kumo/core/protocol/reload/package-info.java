/** Has a process read its certificates, keys and secrets again. */
@NullMarked
package io.kumo.core.protocol.reload;

import org.jspecify.annotations.NullMarked;
