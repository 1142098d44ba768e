/** What operators ask of the stores of servers: backups, compaction, and what they hold on disk. */
@NullMarked
package io.kumo.core.protocol.store;

import org.jspecify.annotations.NullMarked;
