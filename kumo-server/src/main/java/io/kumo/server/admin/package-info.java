/** What operators ask of a server: its statistics, and long work on its store. */
@NullMarked
package io.kumo.server.admin;

import org.jspecify.annotations.NullMarked;
