/** Clock, ring, messages, RPC and command-line parts shared by every kumo program. */
@NullMarked
package io.kumo.core;

import org.jspecify.annotations.NullMarked;
