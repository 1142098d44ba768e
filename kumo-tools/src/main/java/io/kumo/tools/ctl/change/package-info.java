/** The commands of kumoctl that move records between servers. */
@NullMarked
package io.kumo.tools.ctl.change;

import org.jspecify.annotations.NullMarked;
