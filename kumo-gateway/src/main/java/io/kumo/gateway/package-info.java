/** The kumo gateway. */
@NullMarked
package io.kumo.gateway;

import org.jspecify.annotations.NullMarked;
