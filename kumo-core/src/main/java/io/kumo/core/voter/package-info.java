/** The vote of a running node, server or manager: messages in, answers and installs out. */
@NullMarked
package io.kumo.core.voter;

import org.jspecify.annotations.NullMarked;
