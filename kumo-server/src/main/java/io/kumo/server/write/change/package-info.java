/** What writes do to a record, as pure functions of it. */
@NullMarked
package io.kumo.server.write.change;

import org.jspecify.annotations.NullMarked;
