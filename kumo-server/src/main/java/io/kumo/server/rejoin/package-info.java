/**
 * How a server that was away comes back: whether its old records may stay, what becomes of them
 * when they may not, and how it serves again when no manager is there.
 */
@NullMarked
package io.kumo.server.rejoin;

import org.jspecify.annotations.NullMarked;
