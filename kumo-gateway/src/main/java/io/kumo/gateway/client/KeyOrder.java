package io.kumo.gateway.client;

import io.kumo.core.route.request.KeyList;
import io.kumo.core.route.request.KeyOptions;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McOperation;

/**
 * Keeps pipelined commands on one key in order: a command must wait for those before it when one of
 * the two writes and they share a key. Everything else runs side by side.
 *
 * <p>Keys are counted in a fixed number of slots by hash; two keys in one slot make a command wait
 * needlessly, which is rare and harmless. Confined to its event loop.
 */
final class KeyOrder {
  private static final int SLOTS = 2048;

  private final int[] readers = new int[SLOTS];
  private final int[] writers = new int[SLOTS];
  private int running;
  private int barriers;

  /** Whether nothing runs. */
  boolean isIdle() {
    return running == 0;
  }

  /** Whether the command must wait for one that is running. */
  boolean mustWait(McCommand command) {
    if (running == 0) {
      return false;
    }
    if (barriers > 0 || isBarrier(command)) {
      return true;
    }
    KeyList keys = command.request().keys();
    boolean write = mayWrite(command);
    for (int i = 0; i < keys.size(); i++) {
      int slot = slot(keys.hash(i));
      if (writers[slot] > 0 || (write && readers[slot] > 0)) {
        return true;
      }
    }
    return false;
  }

  void enter(McCommand command) {
    running++;
    barriers += isBarrier(command) ? 1 : 0;
    count(command, 1);
  }

  void leave(McCommand command) {
    running--;
    barriers -= isBarrier(command) ? 1 : 0;
    count(command, -1);
  }

  private void count(McCommand command, int by) {
    KeyList keys = command.request().keys();
    int[] counts = mayWrite(command) ? writers : readers;
    for (int i = 0; i < keys.size(); i++) {
      counts[slot(keys.hash(i))] += by;
    }
  }

  /** A read that competes for a recache changes the record when it wins. */
  private static boolean mayWrite(McCommand command) {
    return command.operation().isWrite() || command.request().has(KeyOptions.COMPETES);
  }

  private static boolean isBarrier(McCommand command) {
    return command.operation() == McOperation.FLUSH_ALL
        || command.operation() == McOperation.LIST_KEYS;
  }

  private static int slot(long hash) {
    return (int) hash & (SLOTS - 1);
  }
}
