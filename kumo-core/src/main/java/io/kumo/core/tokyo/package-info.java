/** The databases of kumofs 0.4.13: Tokyo Cabinet hash files, read and written. */
@NullMarked
package io.kumo.core.tokyo;

import org.jspecify.annotations.NullMarked;
