/**
 * Properties that are held to random values, and how these are drawn; other modules use it, too.
 */
@NullMarked
package io.kumo.core.testing;

import org.jspecify.annotations.NullMarked;
