/** The orders that a manager was given: who, when, from where, and what came of it. */
@NullMarked
package io.kumo.manager.history;

import org.jspecify.annotations.NullMarked;
