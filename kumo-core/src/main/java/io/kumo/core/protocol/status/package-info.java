/** What the nodes of a cluster say of themselves to those who look after it. */
@NullMarked
package io.kumo.core.protocol.status;

import org.jspecify.annotations.NullMarked;
