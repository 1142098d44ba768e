package io.kumo.core.item;

import io.kumo.core.protocol.RequestId;
import io.kumo.core.protocol.write.Mutate;
import io.kumo.core.protocol.write.MutateOperands;
import io.kumo.core.protocol.write.MutateOptions;
import io.kumo.core.protocol.write.MutateResult;
import io.kumo.core.protocol.write.Operation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes commands and records in one line, for tables of tests.
 *
 * <p>A record is {@code data [fFLAGS] [eEXPIRY] [cCAS] [stale] [won] [imported] [@CLOCKTIME]},
 * {@code ~} for a tombstone, {@code none} for no record, {@code ''} for empty data, {@code
 * original:DATA} for one of kumofs 0.4.13. A command is {@code OPERATION [=VALUE] [letter
 * NUMBER]...} with the letters of memcached's meta commands.
 */
final class Notation {
  static final long NOW = 1000;
  static final long FLUSHED = 50;
  static final long BEFORE = 60;
  static final long STAMP = 100;
  static final int MAX_VALUE_BYTES = 25;

  private Notation() {}

  static Conditions conditions() {
    return new Conditions(
        STAMP, NOW, FLUSHED, MAX_VALUE_BYTES, new UnpooledByteBufAllocator(false));
  }

  static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text.equals("''") ? "" : text, StandardCharsets.ISO_8859_1);
  }

  static @Nullable ByteBuf record(String line) {
    if (line.equals("none")) {
      return null;
    }
    String[] words = line.split(" ", -1);
    long clockTime = BEFORE;
    int flags = 0;
    long expiry = 0;
    int marks = 0;
    long cas = 0;
    for (int i = 1; i < words.length; i++) {
      String word = words[i];
      switch (word.charAt(0)) {
        case '@' -> clockTime = number(word);
        case 'f' -> flags = (int) number(word);
        case 'e' -> expiry = number(word);
        case 'c' -> cas = number(word);
        case 's' -> marks |= Item.STALE;
        case 'w' -> marks |= Item.WIN_GIVEN;
        case 'b' -> marks |= Item.KEY_BASE64;
        case 'i' -> marks |= Item.IMPORTED;
        default -> throw new AssertionError(line);
      }
    }
    if (words[0].equals("~")) {
      return Unpooled.buffer().writeLong(clockTime);
    }
    if (words[0].startsWith("original:")) {
      ByteBuf payload = bytes(words[0].substring("original:".length()));
      return Unpooled.buffer().writeLong(clockTime).writeShort(0).writeBytes(payload);
    }
    ItemHead head = new ItemHead(flags, expiry, marks, cas == 0 ? clockTime : cas);
    ByteBuf data = bytes(words[0]);
    return head.encode(new UnpooledByteBufAllocator(false), clockTime, ItemLayout.KUMO, data);
  }

  static Mutate command(String line) {
    String[] words = line.split(" ", -1);
    Operation operation = Operation.valueOf(words[0].toUpperCase(Locale.ROOT).replace('-', '_'));
    ByteBuf value = Unpooled.EMPTY_BUFFER;
    int options = 0;
    MutateOperands operands = MutateOperands.NONE;
    for (int i = 1; i < words.length; i++) {
      String word = words[i];
      switch (word.charAt(0)) {
        case '=' -> value = bytes(word.substring(1));
        case 'F' -> operands = item(operands, (int) number(word), operands.expiry());
        case 'T' -> {
          operands = item(operands, operands.flags(), number(word));
          options |= MutateOptions.UPDATE_EXPIRY;
        }
        case 'N' -> {
          operands = operands.withVivifyExpiry(number(word));
          options |= MutateOptions.VIVIFY;
        }
        case 'R' -> {
          operands = operands.withDelta(number(word), 0);
          options |= MutateOptions.RECACHE;
        }
        case 'C' -> {
          operands = operands.withCompare(number(word));
          options |= MutateOptions.COMPARE;
        }
        case 'D' -> operands = operands.withDelta(number(word), operands.initial());
        case 'J' -> operands = operands.withDelta(operands.delta(), number(word));
        case 'E' -> operands = operands.withNewCas(number(word));
        case 'I' -> options |= MutateOptions.INVALIDATE;
        case 'b' -> options |= MutateOptions.KEY_BASE64;
        case 'r' -> options |= MutateOptions.CLIENT_TIMES;
        case 'U' -> options |= MutateOptions.UNLESS_NEWER;
        case 'x' -> options |= MutateOptions.DROP_VALUE;
        default -> throw new AssertionError(line);
      }
    }
    ByteBuf key = Unpooled.buffer().writeLong(0);
    return new Mutate(operation, options, key, value, operands, RequestId.NONE);
  }

  /** The status, the tokens of a meta get, and the record to be stored, if there is one. */
  static String describe(Outcome outcome) {
    StringBuilder line = new StringBuilder(outcome.status().name());
    appendIf(line, (outcome.tokens() & MutateResult.WON) != 0, " W");
    appendIf(line, (outcome.tokens() & MutateResult.STALE) != 0, " X");
    appendIf(line, (outcome.tokens() & MutateResult.TOKEN_SENT) != 0, " Z");
    ByteBuf record = outcome.record();
    if (record != null) {
      line.append(": ").append(describe(record));
    }
    return line.toString();
  }

  private static String describe(ByteBuf record) {
    if (Item.clockTime(record) != STAMP) {
      return "not stamped";
    }
    if (Item.isTombstone(record)) {
      return "~";
    }
    if (!Item.isItem(record)) {
      return "original:" + ByteBufUtil.hexDump(Item.data(record, ItemLayout.KUMO));
    }
    String data = Item.data(record, ItemLayout.KUMO).toString(StandardCharsets.US_ASCII);
    StringBuilder line = new StringBuilder(data.isEmpty() ? "''" : data);
    appendIf(line, Item.flags(record) != 0, " f" + Integer.toUnsignedString(Item.flags(record)));
    appendIf(line, Item.expiry(record) != 0, " e" + Item.expiry(record));
    appendIf(line, Item.cas(record) != STAMP, " c" + Item.cas(record));
    appendIf(line, Item.isStale(record), " stale");
    appendIf(line, Item.isWinGiven(record), " won");
    appendIf(line, Item.isKeyBase64(record), " base64");
    appendIf(line, (Item.meta(record) & Item.IMPORTED) != 0, " imported");
    return line.toString();
  }

  private static void appendIf(StringBuilder line, boolean condition, String text) {
    if (condition) {
      line.append(text);
    }
  }

  private static MutateOperands item(MutateOperands operands, int flags, long expiry) {
    return new MutateOperands(
        flags,
        expiry,
        operands.vivifyExpiry(),
        operands.compare(),
        operands.newCas(),
        operands.delta(),
        operands.initial());
  }

  private static long number(String word) {
    return word.length() == 1 ? 0 : Long.parseUnsignedLong(word.substring(1));
  }
}
