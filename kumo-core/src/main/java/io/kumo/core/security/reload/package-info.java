/** Reloads files when a tool asks for it. */
@NullMarked
package io.kumo.core.security.reload;

import org.jspecify.annotations.NullMarked;
