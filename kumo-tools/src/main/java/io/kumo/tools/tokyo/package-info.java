/** Files of the original: Tokyo Cabinet hash databases, and the tools that take them over. */
@NullMarked
package io.kumo.tools.tokyo;

import org.jspecify.annotations.NullMarked;
