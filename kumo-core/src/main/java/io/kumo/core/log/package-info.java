/** What marks the lines of the log that an operator may have to act on. */
@NullMarked
package io.kumo.core.log;

import org.jspecify.annotations.NullMarked;
