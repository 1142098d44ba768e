/** The kumo manager. */
@NullMarked
package io.kumo.manager;

import org.jspecify.annotations.NullMarked;
