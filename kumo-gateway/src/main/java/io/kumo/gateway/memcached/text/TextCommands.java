package io.kumo.gateway.memcached.text;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.protocol.Limits;
import io.kumo.core.route.request.KeyOptions;
import io.kumo.gateway.memcached.CommandPool;
import io.kumo.gateway.memcached.Line;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McOperation;
import io.kumo.gateway.memcached.McSettings;
import io.kumo.gateway.memcached.McStatus;
import io.kumo.gateway.memcached.Numbers;
import io.kumo.gateway.memcached.meta.MetaCommands;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Understands command lines of the classic text protocol and passes meta commands on. Refuses with
 * the words of memcached 1.6.18. One per event loop; confined to it.
 */
public final class TextCommands {
  private static final int MAX_LEADING_BLANKS = 100;

  private final CommandPool pool;
  private final McSettings settings;
  private final MetaCommands meta;
  private final AdminCommands admin = new AdminCommands();
  private final byte[] versionReply;
  private final LineArguments arguments = new LineArguments();
  private final StorageLines storage;
  private boolean finished;

  public TextCommands(CommandPool pool, McSettings settings, TimeSource time) {
    this.pool = pool;
    this.settings = settings;
    this.storage = new StorageLines(settings, arguments);
    this.meta = new MetaCommands(time);
    this.versionReply =
        ("VERSION " + settings.version() + "\r\n").getBytes(StandardCharsets.US_ASCII);
  }

  /** After {@link #parse}: the length of the data block that follows the line, or -1 for none. */
  int dataBytes() {
    return storage.dataBytes();
  }

  /** After {@link #parse}: the data block is to be skipped though the command goes on. */
  boolean isDataRefused() {
    return storage.isDataRefused();
  }

  /** After {@link #parse}: nothing more is to be read from this connection. */
  boolean isFinished() {
    return finished;
  }

  void clearFinished() {
    finished = false;
  }

  /** The longest line that a get may be. */
  long maxLineBytes() {
    return 1024 + (long) settings.maxKeysPerGet() * (Limits.MAX_KEY_BYTES + 1);
  }

  /** Whether an unfinished line begins as a get does. Borrows. */
  boolean isLongGet(ByteBuf in) {
    int at = in.readerIndex();
    int blanks = 0;
    while (blanks <= MAX_LEADING_BLANKS && in.getByte(at + blanks) == ' ') {
      blanks++;
    }
    at += blanks;
    if (blanks > MAX_LEADING_BLANKS || in.getByte(at) != 'g' || in.getByte(at + 2) != 't') {
      return false;
    }
    byte second = in.getByte(at + 1);
    int end = in.getByte(at + 3) == 's' ? 4 : 3;
    return (second == 'e' || second == 'a') && in.getByte(at + end) == ' ';
  }

  /** The command of a line; when its status is set already it needs no back end. */
  McCommand parse(Line line) {
    storage.clear();
    McCommand command = pool.take();
    command.begin(McOperation.LOCAL, TextReplies.INSTANCE);
    if (line.count() == 0 || line.length(0) < 2) {
      return command.answer(McStatus.ERROR);
    }
    return dispatch(line, command);
  }

  private McCommand dispatch(Line line, McCommand command) {
    long word = line.packed(0);
    if (word == Words.GET || word == Words.GETS) {
      return get(line, command, word == Words.GETS);
    }
    if (word == Words.SET) {
      return storage.store(line, command, McOperation.SET);
    }
    if (line.at(0, 0) == 'm' && line.length(0) == 2) {
      return meta(line, command, word);
    }
    if (word == Words.GAT || word == Words.GATS) {
      return getAndTouch(line, command, word == Words.GATS);
    }
    if (word == Words.ADD) {
      return storage.store(line, command, McOperation.ADD);
    }
    if (word == Words.REPLACE) {
      return storage.store(line, command, McOperation.REPLACE);
    }
    if (word == Words.APPEND) {
      return storage.store(line, command, McOperation.APPEND);
    }
    if (word == Words.PREPEND) {
      return storage.store(line, command, McOperation.PREPEND);
    }
    if (word == Words.CAS) {
      return storage.cas(line, command);
    }
    if (word == Words.DELETE) {
      return delete(line, command);
    }
    if (word == Words.INCR || word == Words.DECR) {
      return arithmetic(line, command, word == Words.INCR);
    }
    if (word == Words.TOUCH) {
      return touch(line, command);
    }
    return rare(line, command, word);
  }

  private McCommand rare(Line line, McCommand command, long word) {
    if (word == Words.VERSION) {
      return command.answer(versionReply);
    }
    if (word == Words.QUIT) {
      command.operation(McOperation.QUIT);
      finished = true;
      return command;
    }
    if (word == Words.STATS) {
      return stats(line, command);
    }
    if (word == Words.SHUTDOWN) {
      return command.answer(McStatus.SHUTDOWN_NOT_ENABLED);
    }
    if (line.is(0, Words.FLUSH_ALL)) {
      return flushAll(line, command);
    }
    if (admin.understands(line)) {
      return admin.answer(line, command);
    }
    if (line.startsWith(line.count() - 1, Words.HTTP)) {
      command.form().quiet(true);
      finished = true;
    }
    return command.answer(McStatus.ERROR);
  }

  private McCommand meta(Line line, McCommand command, long word) {
    if (word == Words.META_GET) {
      return meta.get(line, command);
    }
    if (word == Words.META_SET) {
      meta.set(line, command);
      return storage.metaSet(command, meta.dataBytes());
    }
    if (word == Words.META_DELETE) {
      return meta.delete(line, command);
    }
    if (word == Words.META_ARITHMETIC) {
      return meta.arithmetic(line, command);
    }
    if (word == Words.META_DEBUG) {
      return meta.debug(line, command);
    }
    return command.answer(word == Words.META_NOOP ? McStatus.NOOP : McStatus.ERROR);
  }

  private McCommand get(Line line, McCommand command, boolean withCas) {
    command.operation(McOperation.GET);
    command.form().mark(withCas ? TextReplies.WITH_CAS : 0);
    return line.count() < 2 ? command.answer(McStatus.ERROR) : keys(line, command, 1);
  }

  private McCommand getAndTouch(Line line, McCommand command, boolean withCas) {
    if (line.count() < 2) {
      return command.answer(McStatus.ERROR);
    }
    command.operation(McOperation.GET_AND_TOUCH);
    command.form().mark(withCas ? TextReplies.WITH_CAS : 0);
    command.request().addOption(KeyOptions.NEW_EXPIRY);
    if (!arguments.expiry(line, command, 1)) {
      return command.answer(McStatus.INVALID_EXPTIME);
    }
    return line.count() < 3 ? command.answer(McStatus.FETCHED) : keys(line, command, 2);
  }

  private McCommand keys(Line line, McCommand command, int first) {
    for (int i = first; i < line.count(); i++) {
      if (!LineArguments.addKey(line, command, i)) {
        return command.answer(McStatus.BAD_FORMAT);
      }
    }
    while (line.nextToken()) {
      if (!LineArguments.addKey(line, command, Line.MAX_TOKENS - 1)) {
        return command.answer(McStatus.BAD_FORMAT);
      }
      if (command.request().keys().size() > settings.maxKeysPerGet()) {
        return command.answer(McStatus.TOO_MANY_KEYS);
      }
    }
    return command;
  }

  private McCommand delete(Line line, McCommand command) {
    int count = line.count();
    if (count < 2 || count > 4) {
      return command.answer(McStatus.ERROR);
    }
    command.operation(McOperation.DELETE);
    if (count > 2) {
      LineArguments.quietWhenLast(line, command);
      boolean zero = line.is(2, Words.ZERO);
      boolean valid =
          count == 3 ? zero || command.form().isQuiet() : zero && command.form().isQuiet();
      if (!valid) {
        return command.answer(McStatus.BAD_DELETE);
      }
    }
    return LineArguments.addKey(line, command, 1) ? command : command.answer(McStatus.BAD_FORMAT);
  }

  private McCommand arithmetic(Line line, McCommand command, boolean increment) {
    if (line.count() != 3 && line.count() != 4) {
      return command.answer(McStatus.ERROR);
    }
    command.operation(increment ? McOperation.INCR : McOperation.DECR);
    LineArguments.quietWhenLast(line, command);
    if (!LineArguments.addKey(line, command, 1)) {
      return command.answer(McStatus.BAD_FORMAT);
    }
    Numbers numbers = arguments.numbers();
    command.request().delta(numbers.unsigned64(line.bytes(), line.start(2), line.end(2)));
    return numbers.isValid() ? command : command.answer(McStatus.INVALID_DELTA);
  }

  private McCommand touch(Line line, McCommand command) {
    if (line.count() != 3 && line.count() != 4) {
      return command.answer(McStatus.ERROR);
    }
    command.operation(McOperation.TOUCH);
    LineArguments.quietWhenLast(line, command);
    if (!LineArguments.addKey(line, command, 1)) {
      return command.answer(McStatus.BAD_FORMAT);
    }
    return arguments.expiry(line, command, 2) ? command : command.answer(McStatus.INVALID_EXPTIME);
  }

  private McCommand flushAll(Line line, McCommand command) {
    if (line.count() > 3) {
      return command.answer(McStatus.ERROR);
    }
    command.operation(McOperation.FLUSH_ALL);
    LineArguments.quietWhenLast(line, command);
    if (!settings.flushAllowed()) {
      return command.answer(McStatus.FLUSH_NOT_ALLOWED);
    }
    boolean delayed = line.count() > (command.form().isQuiet() ? 2 : 1);
    if (delayed && !arguments.expiry(line, command, 1)) {
      return command.answer(McStatus.INVALID_EXPTIME);
    }
    return command;
  }

  /** The arguments travel as the echo; the executor knows which there are. */
  private static McCommand stats(Line line, McCommand command) {
    command.operation(McOperation.STATS);
    if (line.count() > 1) {
      int start = line.start(1);
      command.form().echo(line.bytes(), start, line.end(line.count() - 1) - start);
    }
    return command;
  }
}
