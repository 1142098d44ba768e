/** A network in memory on virtual time: the same decisions run on it as on TCP, repeatably. */
@NullMarked
package io.kumo.testkit.net;

import org.jspecify.annotations.NullMarked;
