/** What the command lines of all programs share: value forms, exit codes, logging, life cycle. */
@NullMarked
package io.kumo.core.cli;

import org.jspecify.annotations.NullMarked;
