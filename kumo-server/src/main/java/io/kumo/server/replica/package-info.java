/** What a server asks of the other replicas of a key, and how they answer; no network in sight. */
@NullMarked
package io.kumo.server.replica;

import org.jspecify.annotations.NullMarked;
