/** The program kumolog, which shows the binary logs that servers, managers and gateways write. */
@NullMarked
package io.kumo.tools.binlog;

import org.jspecify.annotations.NullMarked;
