package io.kumo.gateway.memcached.text;

import io.kumo.gateway.memcached.Line;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McOperation;
import io.kumo.gateway.memcached.McSettings;
import io.kumo.gateway.memcached.McStatus;
import io.kumo.gateway.memcached.Numbers;

/**
 * Understands the lines that a data block follows, and says how long that is. Reused; confined to
 * its event loop.
 */
final class StorageLines {
  private static final int NO_DATA = -1;
  private static final int LENGTH_TOKEN = 4;
  private static final int CAS_TOKEN = 5;

  private final McSettings settings;
  private final LineArguments arguments;
  private final Numbers numbers;
  private int dataBytes;
  private boolean dataRefused;

  StorageLines(McSettings settings, LineArguments arguments) {
    this.settings = settings;
    this.arguments = arguments;
    this.numbers = arguments.numbers();
  }

  /** Another line begins, which may be of any command. */
  void clear() {
    dataBytes = NO_DATA;
    dataRefused = false;
  }

  /** The length of the data block that follows the line, or -1 for none. */
  int dataBytes() {
    return dataBytes;
  }

  /** Whether the data block is to be skipped though the command goes on. */
  boolean isDataRefused() {
    return dataRefused;
  }

  /** A meta set has such a data block, too. */
  McCommand metaSet(McCommand command, int length) {
    dataBytes = length;
    return tooLarge(command);
  }

  McCommand store(Line line, McCommand command, McOperation operation) {
    return line.count() < LENGTH_TOKEN + 1
        ? command.answer(McStatus.ERROR)
        : storeLine(line, command, operation);
  }

  McCommand cas(Line line, McCommand command) {
    boolean valid = line.count() > CAS_TOKEN;
    if (valid) {
      int start = line.start(CAS_TOKEN);
      command.request().compare(numbers.unsigned64(line.bytes(), start, line.end(CAS_TOKEN)));
      valid = numbers.isValid();
    }
    store(line, command, McOperation.SET);
    return valid || command.isDecided() ? command : command.answer(McStatus.BAD_FORMAT);
  }

  /**
   * Whatever else is wrong with the line, or too much of it: once the length is known the data is
   * no command.
   */
  private McCommand storeLine(Line line, McCommand command, McOperation operation) {
    command.operation(operation);
    LineArguments.quietWhenLast(line, command);
    long length = numbers.signed64(line.bytes(), line.start(LENGTH_TOKEN), line.end(LENGTH_TOKEN));
    if (!numbers.isValid() || length < 0 || length > Integer.MAX_VALUE - 2) {
      return command.answer(McStatus.BAD_FORMAT);
    }
    dataBytes = (int) length;
    command.request().flags(numbers.unsigned32(line.bytes(), line.start(2), line.end(2)));
    boolean valid = numbers.isValid() && arguments.expiry(line, command, 3);
    if (!valid || !LineArguments.addKey(line, command, 1)) {
      return command.answer(McStatus.BAD_FORMAT);
    }
    return tooLarge(command);
  }

  /** A value above the limit is refused; where asked for, the old value goes as in memcached. */
  private McCommand tooLarge(McCommand command) {
    if (command.isDecided() || dataBytes <= settings.maxItemBytes()) {
      return command;
    }
    if (!settings.dropOnTooLarge()) {
      return command.answer(McStatus.TOO_LARGE);
    }
    command.operation(McOperation.DELETE);
    command.request().clearOptions();
    command.form().force(McStatus.TOO_LARGE);
    dataRefused = true;
    return command;
  }
}
