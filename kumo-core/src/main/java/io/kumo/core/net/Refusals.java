package io.kumo.core.net;

import io.kumo.core.transport.ConnectionRefusedException;
import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;

/**
 * Tells a refused connection from one that failed for other reasons, which Java and Netty's native
 * transports throw the same exception for.
 */
final class Refusals {
  /** As Netty's native transports write Linux's ECONNREFUSED, in any language. */
  private static final String NATIVE = "error(-111)";

  private static final String JAVA = "refused";

  private Refusals() {}

  /** The same, or a {@link ConnectionRefusedException} if that is what it means. */
  static Throwable translate(Throwable cause) {
    String message = cause.getMessage();
    boolean refused =
        cause instanceof ConnectException
            && !(cause instanceof ConnectTimeoutException)
            && message != null
            && (message.contains(NATIVE) || message.contains(JAVA));
    if (!refused) {
      return cause;
    }
    ConnectionRefusedException translated = new ConnectionRefusedException(message);
    translated.initCause(cause);
    return translated;
  }
}
