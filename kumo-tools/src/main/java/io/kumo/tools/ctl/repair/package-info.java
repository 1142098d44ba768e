/** The commands of kumoctl that compare copies, and make them equal. */
@NullMarked
package io.kumo.tools.ctl.repair;

import org.jspecify.annotations.NullMarked;
