/** Which manager decides, and what one that starts must learn first. */
@NullMarked
package io.kumo.manager.election;

import org.jspecify.annotations.NullMarked;
