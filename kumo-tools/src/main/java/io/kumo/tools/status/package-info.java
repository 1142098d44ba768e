/** The state of a whole cluster, asked of all its nodes, and how kumoctl shows it. */
@NullMarked
package io.kumo.tools.status;

import org.jspecify.annotations.NullMarked;
