/** The nodes that a manager has a connection to, and how it asks them. */
@NullMarked
package io.kumo.manager.session;

import org.jspecify.annotations.NullMarked;
