/** What operators ask of a server: its figures, and long work on its store. */
@NullMarked
package io.kumo.server.admin;

import org.jspecify.annotations.NullMarked;
