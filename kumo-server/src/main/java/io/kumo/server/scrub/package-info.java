/** Reads what is stored again and again, so that damage shows before somebody needs the record. */
@NullMarked
package io.kumo.server.scrub;

import org.jspecify.annotations.NullMarked;
