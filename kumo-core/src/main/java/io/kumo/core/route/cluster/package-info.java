/**
 * Follows the cluster for a router: the hash spaces from the managers, the time from the servers.
 */
@NullMarked
package io.kumo.core.route.cluster;

import org.jspecify.annotations.NullMarked;
