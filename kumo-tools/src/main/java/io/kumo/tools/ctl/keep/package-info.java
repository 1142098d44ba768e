/** The commands of kumoctl about stores, files of records and the managers' state. */
@NullMarked
package io.kumo.tools.ctl.keep;

import org.jspecify.annotations.NullMarked;
