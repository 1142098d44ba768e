/** What servers ask and tell each other to find where their records differ. */
@NullMarked
package io.kumo.core.protocol.repair;

import org.jspecify.annotations.NullMarked;
