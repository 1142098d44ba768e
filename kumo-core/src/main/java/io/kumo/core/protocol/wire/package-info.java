/** MessagePack on ByteBuf, as kumofs 0.4.13 writes it, and the envelope of messages. */
@NullMarked
package io.kumo.core.protocol.wire;

import org.jspecify.annotations.NullMarked;
