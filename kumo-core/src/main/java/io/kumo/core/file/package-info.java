/** Files that are nobody else's. */
@NullMarked
package io.kumo.core.file;

import org.jspecify.annotations.NullMarked;
