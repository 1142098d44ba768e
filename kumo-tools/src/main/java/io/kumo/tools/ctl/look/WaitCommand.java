package io.kumo.tools.ctl.look;

import io.kumo.core.cli.CliException;
import io.kumo.core.cli.DurationConverter;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.core.clock.TimeSource;
import io.kumo.tools.DeskNode;
import io.kumo.tools.ctl.command.CtlCommand;
import io.kumo.tools.status.StatusView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Returns when the cluster is as it should be, or nodes are there. */
@Command(
    name = "wait",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Return when the cluster is settled: all nodes are there and go by the same hash spaces, all"
          + " attached servers serve, and no records are moved. With NODE, when these are there,"
          + " attached or not.",
      "0 it is so, 1 the manager was lost sight of, 3 it is not so after --for."
    })
public final class WaitCommand extends CtlCommand {
  private static final long POLL_NS = Duration.ofMillis(200).toNanos();

  @Parameters(
      arity = "0..*",
      paramLabel = "NODE[:PORT]",
      description = "Servers, managers, and gateways as kumoctl gateways names them.")
  private List<String> nodes = new ArrayList<>();

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "Wait no longer than this (default: until it is so).")
  private @Nullable Duration span;

  @Override
  protected ExitStatus run() {
    nodes.forEach(DeskNode::address);
    TimeSource time = TimeSource.system();
    long beganNs = time.nanoTime();
    long answeredNs = beganNs;
    List<String> lacking = List.of();
    while (true) {
      try {
        lacking = lacking();
        answeredNs = time.nanoTime();
        if (lacking.isEmpty()) {
          return ExitStatus.DONE;
        }
      } catch (CliException e) {
        if (time.nanoTime() - answeredNs > options().timeout().toNanos()) {
          throw e;
        }
      }
      if (span != null && time.nanoTime() - beganNs >= span.toNanos()) {
        lacking.forEach(printer()::note);
        return ExitStatus.NOT_AS_IT_SHOULD_BE;
      }
      LockSupport.parkNanos(POLL_NS);
    }
  }

  /** What it is waited for, a line for each; throws {@link CliException} without an answer. */
  private List<String> lacking() {
    StatusView view = StatusView.look(printer(), manager());
    return nodes.isEmpty() ? view.unsettled() : view.missing(nodes);
  }
}
