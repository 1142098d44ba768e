/** Makes the replicas of a key equal: after a failover, after a write in doubt, after damage. */
@NullMarked
package io.kumo.server.repair;

import org.jspecify.annotations.NullMarked;
