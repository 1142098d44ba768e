/** Where records are, whether their copies agree, and what makes them agree. */
@NullMarked
package io.kumo.tools.repair;

import org.jspecify.annotations.NullMarked;
