/** What all commands of kumoctl share. */
@NullMarked
package io.kumo.tools.ctl.command;

import org.jspecify.annotations.NullMarked;
