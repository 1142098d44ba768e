/**
 * A record on its way to the replicas: the round by which a coordinator gives it to them, and what
 * a replica does with it.
 */
@NullMarked
package io.kumo.server.write.round;

import org.jspecify.annotations.NullMarked;
