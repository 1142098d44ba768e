/** Exceptions thrown where a node of a running cluster is called back. */
@NullMarked
package io.kumo.it.fault;

import org.jspecify.annotations.NullMarked;
