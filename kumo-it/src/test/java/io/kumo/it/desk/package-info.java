/** What an operator does with kumoctl to clusters of real processes, as the pages about it say. */
@NullMarked
package io.kumo.it.desk;

import org.jspecify.annotations.NullMarked;
