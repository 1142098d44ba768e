/** What clients make a gateway hold, who has to wait for it, and who goes when it is too much. */
@NullMarked
package io.kumo.gateway.budget;

import org.jspecify.annotations.NullMarked;
