/**
 * What a load reads records from: running stores that speak memcached or RESP, files, and this
 * cluster's own lines.
 */
@NullMarked
package io.kumo.tools.importing.source;

import org.jspecify.annotations.NullMarked;
