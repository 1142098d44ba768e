/**
 * What a measurement asks for: keys, sizes of values, the mix of operations, and the requests that
 * come of them.
 */
@NullMarked
package io.kumo.tools.bench.workload;

import org.jspecify.annotations.NullMarked;
