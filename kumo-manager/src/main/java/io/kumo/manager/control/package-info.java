/** What a manager does with its decisions: tells partner, servers and gateways, answers kumoctl. */
@NullMarked
package io.kumo.manager.control;

import org.jspecify.annotations.NullMarked;
