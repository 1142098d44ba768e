/**
 * The program kumo-import: records from elsewhere, looked at, printed, or loaded into a cluster.
 */
@NullMarked
package io.kumo.tools.importing;

import org.jspecify.annotations.NullMarked;
