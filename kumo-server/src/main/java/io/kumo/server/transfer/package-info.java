/** Carries records from server to server: streams, what they offer and what they may cost. */
@NullMarked
package io.kumo.server.transfer;

import org.jspecify.annotations.NullMarked;
