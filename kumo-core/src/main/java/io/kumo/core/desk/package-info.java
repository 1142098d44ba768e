/** What managers and servers alike do for those who look after them. */
@NullMarked
package io.kumo.core.desk;

import org.jspecify.annotations.NullMarked;
