/**
 * kumobench: loads memcached servers with requests, verifies their answers, compares two of them.
 */
@NullMarked
package io.kumo.tools.bench;

import org.jspecify.annotations.NullMarked;
