package io.kumo.gateway.memcached.meta;

import io.kumo.core.item.ClientTime;
import io.kumo.core.route.request.KeyOptions;
import io.kumo.gateway.memcached.Line;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McStatus;
import io.kumo.gateway.memcached.Numbers;
import org.jspecify.annotations.Nullable;

/** Reads the flags of one meta command into the command. Reused; confined to its event loop. */
final class MetaFlags {
  private static final int MAX_OPAQUE_BYTES = 32;

  private final Numbers numbers = new Numbers();
  private long seenLow;
  private long seenHigh;
  private boolean binaryKey;
  private boolean sizeAsked;
  private int mode;

  /** Whether the key is base64. */
  boolean isBinaryKey() {
    return binaryKey;
  }

  /** Whether the reply is to tell the size of the item. */
  boolean isSizeAsked() {
    return sizeAsked;
  }

  /** The letter of {@code M}; 0 without it. */
  int mode() {
    return mode;
  }

  /** Reads all tokens from {@code first} on; returns why they are refused, or null. */
  @Nullable McStatus read(Line line, int first, McCommand command) {
    seenLow = 0;
    seenHigh = 0;
    binaryKey = false;
    sizeAsked = false;
    mode = 0;
    McStatus refusal = null;
    for (int i = first; i < line.count(); i++) {
      int flag = line.at(i, 0);
      if (isRepeated(flag)) {
        return McStatus.META_DUPLICATE_FLAG;
      }
      McStatus problem = readOne(line, i, flag, command);
      if (problem == McStatus.META_INVALID_FLAG) {
        return problem;
      }
      refusal = problem == null ? refusal : problem;
    }
    return refusal;
  }

  private boolean isRepeated(int flag) {
    if (flag < 0 || flag >= 127) {
      return true;
    }
    long bit = 1L << flag;
    long seen = flag < 64 ? seenLow : seenHigh;
    seenLow |= flag < 64 ? bit : 0;
    seenHigh |= flag < 64 ? 0 : bit;
    return (seen & bit) != 0;
  }

  private @Nullable McStatus readOne(Line line, int token, int flag, McCommand command) {
    switch (flag) {
      case 'k', 't', 'c', 'f', 'v', 'h', 'l', 'u', 'P', 'L' -> {
        return null;
      }
      case 'q' -> command.form().quiet(true);
      case 's' -> sizeAsked = true;
      case 'b' -> {
        binaryKey = true;
        command.request().addOption(KeyOptions.KEY_BASE64);
      }
      case 'I' -> command.request().addOption(KeyOptions.INVALIDATE);
      case 'x' -> command.request().addOption(KeyOptions.REMOVE_VALUE);
      case 'O' -> {
        return line.length(token) > MAX_OPAQUE_BYTES ? McStatus.META_OPAQUE_TOO_LONG : null;
      }
      case 'M' -> {
        mode = line.length(token) == 2 ? line.at(token, 1) : 0;
        return line.length(token) == 2 ? null : McStatus.META_BAD_MODE_LENGTH;
      }
      default -> {
        return readNumber(line, token, flag, command);
      }
    }
    return null;
  }

  private @Nullable McStatus readNumber(Line line, int token, int flag, McCommand command) {
    int start = line.start(token) + 1;
    int end = line.end(token);
    byte[] bytes = line.bytes();
    switch (flag) {
      case 'N' -> command.request().vivify(expiry(bytes, start, end));
      case 'R' -> command.request().recache(expiry(bytes, start, end));
      case 'T' -> {
        command.request().addOption(KeyOptions.NEW_EXPIRY);
        command.request().expiry(expiry(bytes, start, end));
      }
      case 'F' -> {
        command.request().flags(numbers.unsigned32(bytes, start, end));
        return numbers.isValid() ? null : McStatus.BAD_FORMAT;
      }
      case 'C' -> command.request().compare(numbers.unsigned64(bytes, start, end));
      case 'E' -> command.request().newCas(numbers.unsigned64(bytes, start, end));
      case 'J' -> {
        command.request().initial(numbers.unsigned64(bytes, start, end));
        return numbers.isValid() ? null : McStatus.META_BAD_INITIAL;
      }
      case 'D' -> {
        command.request().delta(numbers.unsigned64(bytes, start, end));
        return numbers.isValid() ? null : McStatus.META_BAD_DELTA;
      }
      default -> {
        return McStatus.META_INVALID_FLAG;
      }
    }
    return numbers.isValid() ? null : McStatus.META_BAD_TOKEN;
  }

  private long expiry(byte[] bytes, int start, int end) {
    return ClientTime.of(numbers.signed64(bytes, start, end));
  }
}
