package io.kumo.gateway.memcached.text;

import io.kumo.core.item.ClientTime;
import io.kumo.core.protocol.Limits;
import io.kumo.gateway.memcached.Line;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.Numbers;

/** Reads what stands on a command line into the command. Reused; confined to its event loop. */
final class LineArguments {
  private final Numbers numbers = new Numbers();

  /** For numbers that only one command has. */
  Numbers numbers() {
    return numbers;
  }

  /** False when the key is too long. */
  static boolean addKey(Line line, McCommand command, int token) {
    int length = line.length(token);
    if (length > Limits.MAX_KEY_BYTES) {
      return false;
    }
    command.request().keys().add(line.bytes(), line.start(token), length);
    return true;
  }

  /** False when that is no number. */
  boolean expiry(Line line, McCommand command, int token) {
    long sent = numbers.signed64(line.bytes(), line.start(token), line.end(token));
    command.request().expiry(ClientTime.of(sent));
    return numbers.isValid();
  }

  /** The command is quiet when its line ends so. */
  static void quietWhenLast(Line line, McCommand command) {
    command.form().quiet(line.is(line.count() - 1, Words.NOREPLY));
  }
}
