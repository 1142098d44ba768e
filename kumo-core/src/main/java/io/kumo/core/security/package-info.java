/**
 * Who may talk to a process: certificates, secrets, and files that are read anew when they change.
 */
@NullMarked
package io.kumo.core.security;

import org.jspecify.annotations.NullMarked;
