/** What operators order beyond what kumofs 0.4.13 knows. */
@NullMarked
package io.kumo.core.protocol.desk;

import org.jspecify.annotations.NullMarked;
