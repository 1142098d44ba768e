package io.kumo.gateway.testing;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.item.ClientTime;
import io.kumo.core.route.request.FoundItems;
import io.kumo.core.route.request.KeyList;
import io.kumo.core.route.request.KeyOptions;
import io.kumo.gateway.memcached.CommandExecutor;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McOperation;
import io.kumo.gateway.memcached.McStatus;
import io.kumo.gateway.memcached.Numbers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A back end of one process and no disk, which does to its records what memcached does. Completes
 * commands at once or later and out of order, by a seeded random choice.
 */
public final class MemoryExecutor implements CommandExecutor {
  private static final class Entry {
    byte[] data = {};
    int flags;
    long expiry;
    long cas;
    boolean stale;
    boolean tokenSent;
    boolean base64;
  }

  private static final long FIRST_CAS = 5;

  private final Map<ByteBuffer, Entry> entries = new HashMap<>();
  private final TimeSource time;
  private final Random random;
  private final BiConsumer<Runnable, Integer> later;
  private final Map<ByteBuffer, Long> lastCas = new HashMap<>();
  private long executed;

  /**
   * @param later runs a task on the loop after some number of turns; never asked for 0 turns
   */
  public MemoryExecutor(TimeSource time, long seed, BiConsumer<Runnable, Integer> later) {
    this.time = time;
    this.random = new Random(seed);
    this.later = later;
  }

  /** Commands so far. */
  long executed() {
    return executed;
  }

  @Override
  public void execute(McCommand command) {
    executed++;
    int delay = random.nextInt(4);
    if (delay == 0) {
      run(command);
    } else {
      later.accept(() -> run(command), delay);
    }
  }

  private void run(McCommand command) {
    command.complete(apply(command));
  }

  private McStatus apply(McCommand command) {
    return switch (command.operation()) {
      case GET, GET_AND_TOUCH -> read(command);
      case META_GET -> metaGet(command);
      case TOUCH -> touch(command);
      case SET, ADD, REPLACE, APPEND, PREPEND -> store(command);
      case DELETE -> delete(command);
      case INCR, DECR -> count(command);
      case FLUSH_ALL -> {
        entries.clear();
        yield McStatus.OK;
      }
      case STATS -> {
        command.stats(List.of());
        yield McStatus.FETCHED;
      }
      case LIST_KEYS -> McStatus.FETCHED;
      case AUTHENTICATE, LOCAL, QUIT -> throw new IllegalStateException("not for a back end");
    };
  }

  private static ByteBuffer key(KeyList keys, int index) {
    return ByteBuffer.wrap(Arrays.copyOfRange(keys.bytes(), keys.start(index), keys.end(index)));
  }

  private @Nullable Entry live(ByteBuffer key) {
    Entry entry = entries.get(key);
    boolean expired = entry != null && entry.expiry != 0 && entry.expiry <= nowSeconds();
    return expired ? null : entry;
  }

  private long nowSeconds() {
    return time.unixMillis() / 1000;
  }

  private long absolute(long clientTime) {
    return ClientTime.absolute(clientTime, nowSeconds());
  }

  private static void hit(McCommand command, int index, Entry entry) {
    ByteBuf data = Unpooled.copiedBuffer(entry.data);
    command.outcome().found().put(index, data, entry.flags, entry.cas, entry.expiry);
    command.outcome().found().state(index, entry.base64 ? FoundItems.KEY_BASE64 : 0);
  }

  private McStatus read(McCommand command) {
    for (int i = 0; i < command.request().keys().size(); i++) {
      Entry entry = live(key(command.request().keys(), i));
      if (entry != null) {
        entry.expiry =
            command.request().has(KeyOptions.NEW_EXPIRY)
                ? absolute(command.request().expiry())
                : entry.expiry;
        if (!command.mayHold(entry.data.length)) {
          return McStatus.GET_OUT_OF_MEMORY;
        }
        hit(command, i, entry);
        command
            .outcome()
            .found()
            .state(i, command.outcome().found().state(i) | recacheState(entry, false));
      }
    }
    return McStatus.FETCHED;
  }

  private static int recacheState(Entry entry, boolean asked) {
    int state = entry.tokenSent ? FoundItems.TOKEN_SENT : 0;
    state |= entry.stale ? FoundItems.STALE : 0;
    if ((asked || entry.stale) && !entry.tokenSent) {
      entry.tokenSent = true;
      state |= FoundItems.WON;
    }
    return state;
  }

  private McStatus metaGet(McCommand command) {
    ByteBuffer key = key(command.request().keys(), 0);
    Entry entry = live(key);
    boolean won = false;
    if (entry == null && command.request().has(KeyOptions.VIVIFY)) {
      entry = new Entry();
      entry.cas = nextCas(command);
      entry.expiry = absolute(command.request().vivifyExpiry());
      entries.put(key, entry);
      won = true;
    } else if (entry != null && command.request().has(KeyOptions.RECACHE)) {
      won = entry.expiry != 0 && entry.expiry < absolute(command.request().recacheExpiry());
    }
    if (entry != null) {
      entry.expiry =
          command.request().has(KeyOptions.NEW_EXPIRY)
              ? absolute(command.request().expiry())
              : entry.expiry;
      hit(command, 0, entry);
      command
          .outcome()
          .found()
          .state(0, command.outcome().found().state(0) | recacheState(entry, won));
    }
    return McStatus.FETCHED;
  }

  private McStatus touch(McCommand command) {
    Entry entry = live(key(command.request().keys(), 0));
    if (entry == null) {
      return McStatus.NOT_FOUND;
    }
    entry.expiry = absolute(command.request().expiry());
    command.outcome().casUnique(entry.cas);
    hit(command, 0, entry);
    return McStatus.TOUCHED;
  }

  /** Counts per key, so that it does not depend on what happens to other keys meanwhile. */
  private long nextCas(McCommand command) {
    long next = lastCas.merge(key(command.request().keys(), 0), 1L, Long::sum);
    return command.request().has(KeyOptions.NEW_CAS)
        ? command.request().newCas()
        : FIRST_CAS + next;
  }

  private McStatus store(McCommand command) {
    ByteBuffer key = key(command.request().keys(), 0);
    Entry old = live(key);
    McOperation operation = command.operation();
    boolean join = operation == McOperation.APPEND || operation == McOperation.PREPEND;
    boolean stale = false;
    if (command.request().has(KeyOptions.COMPARE)) {
      if (old == null) {
        return join ? McStatus.NOT_STORED : McStatus.NOT_FOUND;
      }
      stale = command.request().has(KeyOptions.INVALIDATE) && command.request().compare() < old.cas;
      if (command.request().compare() != old.cas && !stale) {
        return McStatus.EXISTS;
      }
    } else if (operation == McOperation.ADD
        ? old != null
        : old == null && needsOld(command, operation)) {
      return McStatus.NOT_STORED;
    }
    Entry stored = join && old != null ? old : new Entry();
    byte[] sent = ByteBufUtil.getBytes(value(command));
    stored.data = join && old != null ? joined(operation, old.data, sent) : sent;
    if (!(join && old != null)) {
      stored.flags = command.request().flags();
      stored.expiry = absolute(command.request().expiry());
    }
    stored.base64 = command.request().has(KeyOptions.KEY_BASE64) && !(join && old != null);
    stored.stale = stale;
    stored.cas = nextCas(command);
    entries.put(key, stored);
    command.outcome().casUnique(stored.cas);
    command.outcome().number(stored.data.length);
    return McStatus.STORED;
  }

  private static boolean needsOld(McCommand command, McOperation operation) {
    boolean vivifies = command.request().has(KeyOptions.VIVIFY);
    return operation == McOperation.REPLACE || (operation != McOperation.SET && !vivifies);
  }

  private static ByteBuf value(McCommand command) {
    ByteBuf value = command.request().value();
    if (value == null) {
      throw new IllegalStateException("a store without a value");
    }
    return value;
  }

  private static byte[] joined(McOperation operation, byte[] old, byte[] sent) {
    byte[] first = operation == McOperation.APPEND ? old : sent;
    byte[] second = operation == McOperation.APPEND ? sent : old;
    byte[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }

  private McStatus delete(McCommand command) {
    ByteBuffer key = key(command.request().keys(), 0);
    Entry entry = live(key);
    if (entry == null) {
      return McStatus.NOT_FOUND;
    }
    if (command.request().has(KeyOptions.COMPARE) && command.request().compare() != entry.cas) {
      return McStatus.EXISTS;
    }
    if (command.request().has(KeyOptions.REMOVE_VALUE)) {
      entry.data = new byte[0];
      entry.flags = 0;
    }
    if (command.request().has(KeyOptions.INVALIDATE)) {
      entry.stale = true;
      entry.tokenSent = false;
      entry.expiry =
          command.request().has(KeyOptions.NEW_EXPIRY)
              ? absolute(command.request().expiry())
              : entry.expiry;
      entry.cas = nextCas(command);
    } else if (!command.request().has(KeyOptions.REMOVE_VALUE)) {
      entries.remove(key);
    }
    return McStatus.DELETED;
  }

  private McStatus count(McCommand command) {
    ByteBuffer key = key(command.request().keys(), 0);
    Entry entry = live(key);
    if (entry == null) {
      if (!command.request().has(KeyOptions.VIVIFY)) {
        return McStatus.NOT_FOUND;
      }
      entry = new Entry();
      entry.expiry = absolute(command.request().vivifyExpiry());
      entries.put(key, entry);
      return counted(command, entry, command.request().initial());
    }
    if (command.request().has(KeyOptions.COMPARE) && command.request().compare() != entry.cas) {
      return McStatus.EXISTS;
    }
    Numbers numbers = new Numbers();
    long old = numbers.unsigned64(entry.data, 0, endOfNumber(entry.data));
    if (!numbers.isValid()) {
      return McStatus.NON_NUMERIC;
    }
    boolean floor =
        command.operation() == McOperation.DECR
            && Long.compareUnsigned(old, command.request().delta()) < 0;
    long delta =
        command.operation() == McOperation.INCR
            ? command.request().delta()
            : -command.request().delta();
    return counted(command, entry, floor ? 0 : old + delta);
  }

  /** A number ends at a NUL, too. */
  private static int endOfNumber(byte[] data) {
    int end = 0;
    while (end < data.length && data[end] != 0) {
      end++;
    }
    return end;
  }

  private McStatus counted(McCommand command, Entry entry, long number) {
    entry.data = Long.toUnsignedString(number).getBytes(StandardCharsets.US_ASCII);
    entry.cas = nextCas(command);
    entry.expiry =
        command.request().has(KeyOptions.NEW_EXPIRY)
            ? absolute(command.request().expiry())
            : entry.expiry;
    command.outcome().number(number);
    command.outcome().casUnique(entry.cas);
    hit(command, 0, entry);
    return McStatus.COUNTED;
  }
}
