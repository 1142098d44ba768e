/** Manual pages, from what the options say of themselves. */
@NullMarked
package io.kumo.core.cli.man;

import org.jspecify.annotations.NullMarked;
