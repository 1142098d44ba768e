/** What a server may do at a moment: whether it is up to date, and up to where. */
@NullMarked
package io.kumo.server.lifecycle;

import org.jspecify.annotations.NullMarked;
