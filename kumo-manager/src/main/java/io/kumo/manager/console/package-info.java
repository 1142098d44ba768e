/** What a manager shows of the cluster to those who look at it in a browser. */
@NullMarked
package io.kumo.manager.console;

import org.jspecify.annotations.NullMarked;
