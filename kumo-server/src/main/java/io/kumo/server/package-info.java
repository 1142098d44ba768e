/** The kumo server. */
@NullMarked
package io.kumo.server;

import org.jspecify.annotations.NullMarked;
