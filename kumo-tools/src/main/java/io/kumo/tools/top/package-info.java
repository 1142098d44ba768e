/** The program kumotop. */
@NullMarked
package io.kumo.tools.top;

import org.jspecify.annotations.NullMarked;
