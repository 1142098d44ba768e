/** The options by which processes prove to each other that they belong together. */
@NullMarked
package io.kumo.core.cli.security;

import org.jspecify.annotations.NullMarked;
