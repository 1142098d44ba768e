package io.kumo.gateway.memcached.meta;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.protocol.Limits;
import io.kumo.core.route.request.KeyOptions;
import io.kumo.gateway.memcached.Line;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McOperation;
import io.kumo.gateway.memcached.McStatus;
import io.kumo.gateway.memcached.Numbers;
import org.jspecify.annotations.Nullable;

/**
 * Understands the lines of meta commands; flags as in memcached's newest protocol.txt, refusals in
 * the words of 1.6.18. One per event loop; confined to it.
 */
public final class MetaCommands {
  /** Tokens of a line, command and key included. */
  private static final int MAX_TOKENS = 19;

  private static final int NO_DATA = -1;
  private static final byte[] BINARY_KEY = {'b'};

  private final MetaFlags flags = new MetaFlags();
  private final MetaReplies replies;
  private final Base64Key base64 = new Base64Key();
  private final Numbers numbers = new Numbers();
  private int dataBytes;

  public MetaCommands(TimeSource time) {
    this.replies = new MetaReplies(time);
  }

  /** After {@link #set}: the length of the data block that follows the line, or -1 for none. */
  public int dataBytes() {
    return dataBytes;
  }

  /** {@code mg}: a plain read unless a flag changes the record. */
  public McCommand get(Line line, McCommand command) {
    McStatus refusal = begin(line, command, 2, McOperation.GET);
    if (refusal != null) {
      return command.answer(refusal);
    }
    command.request().addOption(KeyOptions.COMPETES);
    if (command.request().has(KeyOptions.VIVIFY | KeyOptions.RECACHE | KeyOptions.NEW_EXPIRY)) {
      command.operation(McOperation.META_GET);
    }
    return command;
  }

  /** {@code md} */
  public McCommand delete(Line line, McCommand command) {
    McStatus refusal = begin(line, command, 2, McOperation.DELETE);
    return refusal == null ? command : command.answer(general(refusal));
  }

  /** {@code ma} */
  public McCommand arithmetic(Line line, McCommand command) {
    command.request().delta(1);
    McStatus refusal = begin(line, command, 2, McOperation.INCR);
    if (refusal != null) {
      return command.answer(general(refusal));
    }
    return switch (flags.mode()) {
      case 0, 'I', 'i', '+' -> command;
      case 'D', 'd', '-' -> {
        command.operation(McOperation.DECR);
        yield command;
      }
      default -> command.answer(McStatus.META_BAD_ARITHMETIC_MODE);
    };
  }

  /** {@code md} and {@code ma} of memcached have one text for all mistakes in flags. */
  private static McStatus general(McStatus refusal) {
    return switch (refusal) {
      case ERROR, BAD_FORMAT, META_OPAQUE_TOO_LONG, META_TOO_MANY_SET_FLAGS -> refusal;
      default -> McStatus.META_INVALID_OR_DUPLICATE_FLAG;
    };
  }

  /** {@code ms}; see {@link #dataBytes}. */
  public void set(Line line, McCommand command) {
    dataBytes = NO_DATA;
    command.begin(McOperation.SET, replies);
    if (line.count() < 3) {
      command.answer(line.count() < 2 ? McStatus.ERROR : McStatus.BAD_FORMAT);
      return;
    }
    long length = numbers.signed64(line.bytes(), line.start(2), line.end(2));
    if (!numbers.isValid() || length < 0 || length > Integer.MAX_VALUE - 2) {
      command.answer(McStatus.BAD_FORMAT);
      return;
    }
    dataBytes = (int) length;
    McStatus refusal = begin(line, command, 3, McOperation.SET);
    if (refusal != null) {
      command.answer(refusal);
    } else {
      setMode(command);
    }
  }

  private void setMode(McCommand command) {
    switch (flags.mode()) {
      case 0, 'S', 's' -> {}
      case 'E', 'e' -> command.operation(McOperation.ADD);
      case 'A', 'a' -> join(command, McOperation.APPEND);
      case 'P', 'p' -> join(command, McOperation.PREPEND);
      case 'R', 'r' -> command.operation(McOperation.REPLACE);
      default -> command.answer(McStatus.META_BAD_SET_MODE);
    }
  }

  /** How large the item is afterwards only the item tells. */
  private void join(McCommand command, McOperation operation) {
    command.operation(operation);
    command.request().addOption(flags.isSizeAsked() ? KeyOptions.RETURN_ITEM : 0);
    if (command.request().has(KeyOptions.VIVIFY)) {
      command.request().expiry(command.request().vivifyExpiry());
    }
  }

  /** {@code me}: what is known of an item; a plain read with a reply of its own. */
  public McCommand debug(Line line, McCommand command) {
    command.begin(McOperation.GET, replies);
    command.form().mark(MetaReplies.DEBUG);
    if (line.count() < 2 || line.length(1) > Limits.MAX_KEY_BYTES) {
      return command.answer(McStatus.BAD_FORMAT);
    }
    boolean binary = line.count() > 2 && line.is(2, BINARY_KEY);
    return key(line, command, binary) ? command : command.answer(McStatus.BAD_FORMAT);
  }

  /** Reads key and flags; returns why the line is refused, or null. */
  private @Nullable McStatus begin(
      Line line, McCommand command, int firstFlag, McOperation operation) {
    command.begin(operation, replies);
    if (line.count() < 2) {
      return McStatus.ERROR;
    }
    if (line.length(1) > Limits.MAX_KEY_BYTES) {
      return McStatus.BAD_FORMAT;
    }
    if (line.count() >= MAX_TOKENS + 1) {
      return operation == McOperation.GET
          ? McStatus.META_TOO_MANY_FLAGS
          : McStatus.META_TOO_MANY_SET_FLAGS;
    }
    McStatus refusal = flags.read(line, firstFlag, command);
    if (refusal != null) {
      return refusal;
    }
    if (!key(line, command, flags.isBinaryKey())) {
      return McStatus.META_BAD_KEY;
    }
    keepFlags(line, command, firstFlag);
    return null;
  }

  private boolean key(Line line, McCommand command, boolean binary) {
    int length = line.length(1);
    if (!binary) {
      command.request().keys().add(line.bytes(), line.start(1), length);
      return true;
    }
    int decoded = base64.decode(line.bytes(), line.start(1), length);
    if (decoded <= 0) {
      return false;
    }
    command.request().keys().add(base64.bytes(), 0, decoded);
    return true;
  }

  /** The reply repeats or answers flags in the order of the request. */
  private static void keepFlags(Line line, McCommand command, int firstFlag) {
    if (line.count() > firstFlag) {
      int start = line.start(firstFlag);
      command.form().echo(line.bytes(), start, line.end(line.count() - 1) - start);
    }
  }
}
