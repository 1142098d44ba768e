/** The program kumoctl and what its commands do. */
@NullMarked
package io.kumo.tools.ctl;

import org.jspecify.annotations.NullMarked;
