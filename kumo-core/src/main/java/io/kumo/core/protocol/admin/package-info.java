/** What the operator's tools ask of managers and servers. */
@NullMarked
package io.kumo.core.protocol.admin;

import org.jspecify.annotations.NullMarked;
