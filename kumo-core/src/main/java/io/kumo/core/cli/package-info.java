/**
 * What the command lines of all programs share: options, value forms, exit codes, logging, life
 * cycle.
 */
@NullMarked
package io.kumo.core.cli;

import org.jspecify.annotations.NullMarked;
