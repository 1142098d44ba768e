/** Status, configuration and the small state that a server keeps beside its records. */
@NullMarked
package io.kumo.server.control;

import org.jspecify.annotations.NullMarked;
