/**
 * Reads: whether this server may answer one now ({@link io.kumo.server.read.ReadAdmission}), and
 * with what.
 */
@NullMarked
package io.kumo.server.read;

import org.jspecify.annotations.NullMarked;
