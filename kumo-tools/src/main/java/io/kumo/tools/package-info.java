/** The kumo tools. */
@NullMarked
package io.kumo.tools;

import org.jspecify.annotations.NullMarked;
