/** Images of a cluster: taken off its servers, and brought back. */
@NullMarked
package io.kumo.tools.backup;

import org.jspecify.annotations.NullMarked;
