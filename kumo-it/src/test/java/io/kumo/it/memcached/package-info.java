/** Every memcached command, over every protocol, against a real cluster. */
@NullMarked
package io.kumo.it.memcached;

import org.jspecify.annotations.NullMarked;
