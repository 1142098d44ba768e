/** Who a client is, and what it may ask. */
@NullMarked
package io.kumo.gateway.auth;

import org.jspecify.annotations.NullMarked;
