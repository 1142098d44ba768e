package io.kumo.gateway.memcached.text;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kumo.gateway.memcached.Line;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McOperation;
import io.kumo.gateway.memcached.McStatus;
import io.kumo.gateway.memcached.Numbers;

/**
 * What operators and their tools tell a cache about its memory. Nothing here depends on any of it,
 * so it is acknowledged as memcached 1.6.18 does; its crawler lists keys, as that of memcached, and
 * {@code mgdump} as those of later versions. One per event loop; confined to it.
 */
final class AdminCommands {
  private static final byte[] VERBOSITY = bytes("verbosity");
  private static final byte[] CACHE_MEMLIMIT = bytes("cache_memlimit");
  private static final byte[] SLABS = bytes("slabs");
  private static final byte[] AUTOMOVE = bytes("automove");
  private static final byte[] LRU = bytes("lru");
  private static final byte[] MODE = bytes("mode");
  private static final byte[] FLAT = bytes("flat");
  private static final byte[] SEGMENTED = bytes("segmented");
  private static final byte[] LRU_CRAWLER = bytes("lru_crawler");
  private static final byte[] ENABLE = bytes("enable");
  private static final byte[] DISABLE = bytes("disable");
  private static final byte[] METADUMP = bytes("metadump");
  private static final byte[] MGDUMP = bytes("mgdump");
  private static final byte[] ALL = bytes("all");
  private static final byte[] HASH = bytes("hash");
  private static final byte[] NOREPLY = Words.NOREPLY;
  private static final int MAX_AUTOMOVE = 2;

  /** That memcached may have; the first is 1. */
  private static final int CLASSES = 63;

  private final Numbers numbers = new Numbers();

  private static byte[] bytes(String word) {
    return word.getBytes(US_ASCII);
  }

  /** Whether the first word is one of these commands. */
  boolean understands(Line line) {
    return line.is(0, VERBOSITY)
        || line.is(0, CACHE_MEMLIMIT)
        || line.is(0, SLABS)
        || line.is(0, LRU)
        || line.is(0, LRU_CRAWLER);
  }

  McCommand answer(Line line, McCommand command) {
    if (line.count() < 2) {
      return command.answer(McStatus.ERROR);
    }
    if (line.is(0, LRU_CRAWLER)) {
      return crawler(line, command);
    }
    command.form().quiet(line.is(line.count() - 1, NOREPLY));
    if (line.is(0, VERBOSITY)) {
      return command.answer(
          number(line, 1) || command.form().isQuiet() ? McStatus.OK : McStatus.BAD_FORMAT);
    }
    if (line.is(0, CACHE_MEMLIMIT)) {
      return command.answer(number(line, 1) ? McStatus.OK : McStatus.ERROR);
    }
    return command.answer(line.is(0, SLABS) ? slabs(line) : lru(line));
  }

  private boolean number(Line line, int token) {
    numbers.unsigned32(line.bytes(), line.start(token), line.end(token));
    return numbers.isValid();
  }

  private McStatus slabs(Line line) {
    if (line.count() < 3 || !line.is(1, AUTOMOVE)) {
      return McStatus.ERROR;
    }
    long level = numbers.unsigned64(line.bytes(), line.start(2), line.end(2));
    if (!numbers.isValid()) {
      return McStatus.BAD_FORMAT;
    }
    return level >= 0 && level <= MAX_AUTOMOVE ? McStatus.OK : McStatus.ERROR;
  }

  private static McStatus lru(Line line) {
    boolean mode =
        line.count() > 2 && line.is(1, MODE) && (line.is(2, FLAT) || line.is(2, SEGMENTED));
    return mode ? McStatus.OK : McStatus.ERROR;
  }

  private McCommand crawler(Line line, McCommand command) {
    int count = line.count();
    boolean meta = line.is(1, MGDUMP);
    if (count == 3 && (meta || line.is(1, METADUMP))) {
      return list(line, command, meta);
    }
    boolean harmless = count == 2 && (line.is(1, ENABLE) || line.is(1, DISABLE));
    return command.answer(harmless ? McStatus.OK : McStatus.ERROR);
  }

  /** Every item is said to be of class 1. */
  private McCommand list(Line line, McCommand command, boolean meta) {
    boolean all = line.is(2, ALL) || line.is(2, HASH);
    boolean ofFirst = false;
    for (int at = line.start(2); !all && at < line.end(2); ) {
      int end = at;
      while (end < line.end(2) && line.bytes()[end] != ',') {
        end++;
      }
      long number = numbers.unsigned32(line.bytes(), at, end);
      if (!numbers.isValid() || number < 1 || number >= CLASSES) {
        return command.answer(McStatus.BAD_CLASS);
      }
      ofFirst |= number == 1;
      at = end + 1;
    }
    if (!all && !ofFirst) {
      return meta ? command.answer(TextReplies.META_END) : command.answer(McStatus.FETCHED);
    }
    command.form().mark(meta ? TextReplies.AS_META : 0);
    command.operation(McOperation.LIST_KEYS);
    return command;
  }
}
