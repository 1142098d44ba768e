/** Brings data files up to date so that a crash at any moment leaves them whole. */
@NullMarked
package io.kumo.server.store.checkpoint;

import org.jspecify.annotations.NullMarked;
