/** The commands of kumoctl that change how a cluster and its nodes run. */
@NullMarked
package io.kumo.tools.ctl.manage;

import org.jspecify.annotations.NullMarked;
