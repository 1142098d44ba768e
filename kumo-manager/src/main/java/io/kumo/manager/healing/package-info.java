/** What a manager does about servers without being told to. */
@NullMarked
package io.kumo.manager.healing;

import org.jspecify.annotations.NullMarked;
