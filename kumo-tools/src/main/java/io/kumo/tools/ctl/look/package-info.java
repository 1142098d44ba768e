/** The commands of kumoctl that show what is. */
@NullMarked
package io.kumo.tools.ctl.look;

import org.jspecify.annotations.NullMarked;
