/** What kumo adds between its own gateways, servers and managers; never sent to an original. */
@NullMarked
package io.kumo.core.protocol.extended;

import org.jspecify.annotations.NullMarked;
