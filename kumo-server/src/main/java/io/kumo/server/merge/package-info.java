/** The program kumomergedb: one database of the databases of several servers. */
@NullMarked
package io.kumo.server.merge;

import org.jspecify.annotations.NullMarked;
