/** Programs that have many commands, of which a command line names one. */
@NullMarked
package io.kumo.core.cli.command;

import org.jspecify.annotations.NullMarked;
