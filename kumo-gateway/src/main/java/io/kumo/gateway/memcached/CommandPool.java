package io.kumo.gateway.memcached;

import java.util.ArrayDeque;

/** Commands to be reused on one event loop, so that a request costs no allocation of its own. */
public final class CommandPool {
  private static final int KEPT = 4096;
  private static final ReplyEncoder UNSET =
      (command, out) -> {
        throw new IllegalStateException("the command has no encoder");
      };

  private final byte[] keyPrefix;
  private final ArrayDeque<McCommand> free = new ArrayDeque<>();
  private int inUse;

  /**
   * @param keyPrefix what the gateway puts in front of each key; empty for none
   */
  public CommandPool(byte[] keyPrefix) {
    this.keyPrefix = keyPrefix.clone();
  }

  /** An empty command; {@link McCommand#recycle} gives it back. */
  public McCommand take() {
    inUse++;
    McCommand command = free.pollLast();
    return command == null ? new McCommand(this, keyPrefix, UNSET) : command;
  }

  void giveBack(McCommand command) {
    inUse--;
    if (free.size() < KEPT) {
      free.addLast(command);
    }
  }

  /** Commands taken and not given back. */
  public int inUse() {
    return inUse;
  }
}
