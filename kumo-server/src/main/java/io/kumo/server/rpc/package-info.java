/**
 * Ties requests to those who answer them, and calls to those who make them: decode, call, encode.
 */
@NullMarked
package io.kumo.server.rpc;

import org.jspecify.annotations.NullMarked;
