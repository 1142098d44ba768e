package io.kumo.tools.ctl.command;

import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.protocol.Message;
import io.kumo.tools.Printer;
import io.kumo.tools.RpcClient;
import io.kumo.tools.ToolOptions;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParentCommand;

/** A command of kumoctl. A new one is a class like this and a line in {@code KumoctlMain}. */
public abstract class CtlCommand implements Callable<Integer> {
  @ParentCommand private @Nullable CommandContext context;

  @Override
  public final Integer call() throws Exception {
    return run().code();
  }

  /** Does it; {@link CliException} says what went wrong. */
  protected abstract ExitStatus run() throws Exception;

  private CommandContext context() {
    if (context == null) {
      throw new IllegalStateException("no command line");
    }
    return context;
  }

  protected final InetSocketAddress manager() {
    return context().manager();
  }

  protected final Printer printer() {
    return context().printer();
  }

  protected final ToolOptions options() {
    return printer().options();
  }

  protected final Introduction introduction() {
    return context().introduction();
  }

  /** Gives an order to the manager and prints its answer. */
  protected final ExitStatus order(Message message) {
    try (RpcClient client = options().connect(manager())) {
      introduction().give(client);
      printer().result(client.call(message, RpcClient::nilOrBool));
    }
    return ExitStatus.DONE;
  }

  /** What is ordered of servers, in the history, too. */
  protected final ExitStatus noted(Supplier<ExitStatus> order) {
    return noted(order.get());
  }

  /** What came of it, in the history, too. */
  protected final ExitStatus noted(ExitStatus status) {
    String outcome = status == ExitStatus.DONE ? "done" : "exit " + status.code();
    introduction().note(printer(), manager(), outcome);
    return status;
  }
}
