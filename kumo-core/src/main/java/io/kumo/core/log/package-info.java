/**
 * What marks the lines of the log that an operator may have to act on, and the way that Logback
 * starts.
 */
@NullMarked
package io.kumo.core.log;

import org.jspecify.annotations.NullMarked;
