/** What a node keeps on disk about itself, apart from its records. */
@NullMarked
package io.kumo.core.state;

import org.jspecify.annotations.NullMarked;
