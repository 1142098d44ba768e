/** What strangers can do, and what those who belong to a cluster can. */
@NullMarked
package io.kumo.it.security;

import org.jspecify.annotations.NullMarked;
