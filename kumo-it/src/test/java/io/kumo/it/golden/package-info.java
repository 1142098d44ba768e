/** What kumofs 0.4.13 processes sent one another, replayed against processes of ours. */
@NullMarked
package io.kumo.it.golden;

import org.jspecify.annotations.NullMarked;
