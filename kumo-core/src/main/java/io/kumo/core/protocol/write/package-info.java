/**
 * A write between extended nodes: what a gateway asks of a coordinator, and the record that a
 * coordinator gives to its replicas.
 */
@NullMarked
package io.kumo.core.protocol.write;

import org.jspecify.annotations.NullMarked;
