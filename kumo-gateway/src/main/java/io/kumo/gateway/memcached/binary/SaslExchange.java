package io.kumo.gateway.memcached.binary;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kumo.gateway.auth.Login;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Locale;

/**
 * SASL of one connection. There is one mechanism, PLAIN (RFC 4616): a client sends its message with
 * the start, or starts with none, is told to go on, and sends it with a step. Confined to its event
 * loop.
 */
final class SaslExchange {
  /** The mechanisms, as a client is told them. */
  static final byte[] MECHANISMS = "PLAIN".getBytes(US_ASCII);

  /** Bytes of the name of a mechanism, as in memcached. */
  static final int MAX_MECHANISM_BYTES = 32;

  private static final String PLAIN = "PLAIN";

  private final Login login;
  private boolean started;

  SaslExchange(Login login) {
    this.login = login;
  }

  /**
   * Takes a client's message, which is the value of its request: the command is answered, or says
   * who the client is. A step names its mechanism like a start, and may do so wrongly.
   */
  McCommand take(McCommand command, boolean step, String mechanism) {
    ByteBuf value = command.request().value();
    byte[] message = value == null ? new byte[0] : ByteBufUtil.getBytes(value);
    command.request().dropValue();
    boolean wrongTurn = step ? !started : !mechanism.toUpperCase(Locale.ROOT).equals(PLAIN);
    started = !step && !wrongTurn && message.length == 0;
    if (started) {
      return command.answer(McStatus.AUTHENTICATION_CONTINUES);
    }
    return !wrongTurn && offer(message) ? command : command.answer(McStatus.AUTHENTICATION_FAILED);
  }

  /** {@code [for whom] NUL name NUL password}; false when it is something else. */
  private boolean offer(byte[] message) {
    String[] parts = new String(message, ISO_8859_1).split("\0", -1);
    boolean fits =
        parts.length == 3
            && !parts[1].isEmpty()
            && (parts[0].isEmpty() || parts[0].equals(parts[1]));
    if (fits) {
      login.offer(parts[1], parts[2].getBytes(ISO_8859_1));
    }
    return fits;
  }
}
