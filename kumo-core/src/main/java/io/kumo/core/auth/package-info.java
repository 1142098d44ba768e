/** Users of gateways: the file that names them, their passwords, and what each may do. */
@NullMarked
package io.kumo.core.auth;

import org.jspecify.annotations.NullMarked;
