/** Images of a cluster as files: docs/internals/image.md has their bytes. */
@NullMarked
package io.kumo.tools.image;

import org.jspecify.annotations.NullMarked;
