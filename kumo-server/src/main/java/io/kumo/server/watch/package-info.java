/** Which requests stand out: keys asked for most, large values, slow writes. */
@NullMarked
package io.kumo.server.watch;

import org.jspecify.annotations.NullMarked;
