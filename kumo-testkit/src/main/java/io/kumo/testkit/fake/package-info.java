/** Servers that are none: each is one as some other part sees it, and misbehaves when told to. */
@NullMarked
package io.kumo.testkit.fake;

import org.jspecify.annotations.NullMarked;
