package io.kumo.gateway.route;

import io.kumo.core.protocol.extended.MutateResult;
import io.kumo.gateway.memcached.Hits;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McOperation;
import io.kumo.gateway.memcached.McStatus;
import io.netty.buffer.ByteBuf;

/** What a command's client hears of the result of a mutation. */
final class MutateOutcome {
  private MutateOutcome() {}

  /** Puts the result into the command and tells its status. Borrows the result's value. */
  static McStatus apply(MutateResult result, McCommand command, int index, ItemReader reader) {
    McOperation operation = command.operation();
    command.casUnique(result.cas());
    ByteBuf value = result.value();
    if (value != null && operation.isRead() && !command.mayHold(value.readableBytes())) {
      return McStatus.GET_OUT_OF_MEMORY;
    }
    if (value != null) {
      reader.readAny(value.retainedSlice(), command.hits(), index);
    }
    return switch (result.status()) {
      case STORED, OK -> succeeded(result, command, index);
      case NOT_STORED -> McStatus.NOT_STORED;
      case EXISTS -> McStatus.EXISTS;
      case NOT_FOUND -> operation.isRead() ? McStatus.FETCHED : McStatus.NOT_FOUND;
      case NON_NUMERIC -> McStatus.NON_NUMERIC;
      case TOO_LARGE -> McStatus.TOO_LARGE;
      case REFUSED, FAILED -> {
        command.reason(result.reason());
        yield failure(operation);
      }
    };
  }

  private static McStatus succeeded(MutateResult result, McCommand command, int index) {
    McOperation operation = command.operation();
    if (operation.isRead() && command.hits().has(index)) {
      int key = command.hits().state(index) & Hits.KEY_BASE64;
      command.hits().state(index, state(result.tokens()) | key);
    }
    return switch (operation) {
      case GET, META_GET, GET_AND_TOUCH -> McStatus.FETCHED;
      case TOUCH -> McStatus.TOUCHED;
      case DELETE -> McStatus.DELETED;
      case INCR, DECR -> counted(command, index);
      case SET, ADD, REPLACE, APPEND, PREPEND -> {
        command.number(storedBytes(command, index));
        yield McStatus.STORED;
      }
      case FLUSH_ALL, STATS, LOCAL, QUIT -> throw new IllegalArgumentException("no key");
    };
  }

  private static long storedBytes(McCommand command, int index) {
    ByteBuf sent = command.value();
    if (command.hits().has(index)) {
      return command.hits().value(index).readableBytes();
    }
    return sent == null ? 0 : sent.readableBytes();
  }

  private static McStatus counted(McCommand command, int index) {
    if (!command.hits().has(index)) {
      return McStatus.STORE_FAILED;
    }
    ByteBuf digits = command.hits().value(index);
    long number = 0;
    for (int i = digits.readerIndex(); i < digits.writerIndex(); i++) {
      int digit = digits.getByte(i) - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      number = number * 10 + digit;
    }
    command.number(number);
    return McStatus.COUNTED;
  }

  private static int state(int tokens) {
    return ((tokens & MutateResult.WON) != 0 ? Hits.WON : 0)
        | ((tokens & MutateResult.STALE) != 0 ? Hits.STALE : 0)
        | ((tokens & MutateResult.TOKEN_SENT) != 0 ? Hits.TOKEN_SENT : 0);
  }

  /** What is answered when nothing can be said about the outcome. */
  static McStatus failure(McOperation operation) {
    if (operation.isRead()) {
      return McStatus.GET_FAILED;
    }
    return operation == McOperation.DELETE ? McStatus.DELETE_FAILED : McStatus.STORE_FAILED;
  }
}
