/** Edits the files of users that gateways go by. */
@NullMarked
package io.kumo.tools.user;

import org.jspecify.annotations.NullMarked;
