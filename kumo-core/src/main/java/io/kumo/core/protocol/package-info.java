/**
 * Every message that kumo processes exchange: {@code Method} is the list, the packages below hold a
 * record for each.
 */
@NullMarked
package io.kumo.core.protocol;

import org.jspecify.annotations.NullMarked;
