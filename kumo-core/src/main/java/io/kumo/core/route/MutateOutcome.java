package io.kumo.core.route;

import io.kumo.core.protocol.write.MutateResult;
import io.kumo.core.route.request.FoundItems;
import io.kumo.core.route.request.KeyCommand;
import io.kumo.core.route.request.KeyOperation;
import io.kumo.core.route.request.KeyStatus;
import io.netty.buffer.ByteBuf;

/** What a command's client hears of the result of a mutation. */
final class MutateOutcome {
  private MutateOutcome() {}

  /** Puts the result into the command and tells its status. Borrows the result's value. */
  static KeyStatus apply(MutateResult result, KeyCommand command, int index, ItemReader reader) {
    KeyOperation operation = command.request().operation();
    command.outcome().casUnique(result.cas());
    ByteBuf value = result.value();
    if (value != null && operation.isRead() && !command.mayHold(value.readableBytes())) {
      return KeyStatus.GET_OUT_OF_MEMORY;
    }
    if (value != null) {
      reader.readAny(value.retainedSlice(), command.outcome().found(), index);
    }
    return switch (result.status()) {
      case STORED, OK -> succeeded(result, command, index);
      case NOT_STORED -> KeyStatus.NOT_STORED;
      case EXISTS -> KeyStatus.EXISTS;
      case NOT_FOUND -> operation.isRead() ? KeyStatus.FETCHED : KeyStatus.NOT_FOUND;
      case NON_NUMERIC -> KeyStatus.NON_NUMERIC;
      case TOO_LARGE -> KeyStatus.TOO_LARGE;
      case REFUSED, FAILED -> {
        command.outcome().reason(result.reason());
        yield failure(operation);
      }
    };
  }

  private static KeyStatus succeeded(MutateResult result, KeyCommand command, int index) {
    KeyOperation operation = command.request().operation();
    if (operation.isRead() && command.outcome().found().has(index)) {
      int key = command.outcome().found().state(index) & FoundItems.KEY_BASE64;
      command.outcome().found().state(index, state(result.tokens()) | key);
    }
    return switch (operation) {
      case GET, META_GET, GET_AND_TOUCH -> KeyStatus.FETCHED;
      case TOUCH -> KeyStatus.TOUCHED;
      case DELETE -> KeyStatus.DELETED;
      case INCR, DECR -> counted(command, index);
      case SET, ADD, REPLACE, APPEND, PREPEND -> {
        command.outcome().number(storedBytes(command, index));
        yield KeyStatus.STORED;
      }
    };
  }

  private static long storedBytes(KeyCommand command, int index) {
    ByteBuf sent = command.request().value();
    if (command.outcome().found().has(index)) {
      return command.outcome().found().value(index).readableBytes();
    }
    return sent == null ? 0 : sent.readableBytes();
  }

  private static KeyStatus counted(KeyCommand command, int index) {
    if (!command.outcome().found().has(index)) {
      return KeyStatus.STORE_FAILED;
    }
    ByteBuf digits = command.outcome().found().value(index);
    long number = 0;
    for (int i = digits.readerIndex(); i < digits.writerIndex(); i++) {
      int digit = digits.getByte(i) - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      number = number * 10 + digit;
    }
    command.outcome().number(number);
    return KeyStatus.COUNTED;
  }

  private static int state(int tokens) {
    return ((tokens & MutateResult.WON) != 0 ? FoundItems.WON : 0)
        | ((tokens & MutateResult.STALE) != 0 ? FoundItems.STALE : 0)
        | ((tokens & MutateResult.TOKEN_SENT) != 0 ? FoundItems.TOKEN_SENT : 0);
  }

  /** What is answered when nothing can be said about the outcome. */
  static KeyStatus failure(KeyOperation operation) {
    if (operation.isRead()) {
      return KeyStatus.GET_FAILED;
    }
    return operation == KeyOperation.DELETE ? KeyStatus.DELETE_FAILED : KeyStatus.STORE_FAILED;
  }
}
