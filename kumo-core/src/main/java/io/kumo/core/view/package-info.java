/**
 * What a cluster agrees on: the view, its voters and what makes a quorum of them. Immutable values.
 * How it agrees is in core.vote; see docs/internals/views.md.
 */
@NullMarked
package io.kumo.core.view;

import org.jspecify.annotations.NullMarked;
