package io.kumo.gateway.memcached;

import java.util.function.Consumer;

/** Has a router execute commands for which there is no client connection. */
public final class CommandDriver {
  private final CommandPool pool = new CommandPool(new byte[0]);

  /** An empty command to fill in. */
  public McCommand take() {
    return pool.take();
  }

  /** Executes it. The listener may look at it for the length of its call; then it is recycled. */
  public void execute(McCommand command, CommandExecutor executor, Consumer<McCommand> listener) {
    command.admit(
        completed -> {
          listener.accept(completed);
          completed.recycle();
        });
    executor.execute(command);
  }
}
