/** What the gateway's tests share: a back end in memory, a running front end, raw clients. */
@NullMarked
package io.kumo.gateway.testing;

import org.jspecify.annotations.NullMarked;
