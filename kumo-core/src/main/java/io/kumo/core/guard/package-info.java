/** The one place that what nobody expected ends in: logged, counted, and survived. */
@NullMarked
package io.kumo.core.guard;

import org.jspecify.annotations.NullMarked;
