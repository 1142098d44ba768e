package io.kumo.tools;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.core.cli.AddressConverter;
import io.kumo.core.cli.Cli;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.DefaultPorts;
import io.kumo.core.cli.DurationConverter;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.core.cli.listen.ListenAddress;
import io.kumo.core.ring.NodeAddress;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The program kumostat: one figure of one server, or of all servers that are active. */
@Command(
    name = "kumostat",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Tells one figure of a server, or of all that are active.",
    customSynopsis = {
      "kumostat [options] SERVER[:PORT=19800] COMMAND",
      "       kumostat [options] -m MANAGER[:PORT=19700] COMMAND"
    },
    footer = {
      "Commands:",
      "  pid, uptime, time, version      of the process",
      "  cmd_get, cmd_set, cmd_delete    requests served",
      "  items                           records stored, tombstones included",
      "  stats                           these, as memcached's stats prints them",
      "  rhs, whs                        the hash spaces for reads and for writes",
      "  hscheck                         whether the two are the same; exit 3 when not",
      "  replstat                        ready, WAIT, Copying, Deleting or inactive",
      "  metrics                         everything that is counted; exit 3 when the disk is full",
      "  latency                         how long writes, replication and syncs take, in ms",
      "  bugs                            mistakes in its program that it met; exit 3 when not 0",
      "  set_delay, unset_delay          batch small packets, or send each at once"
    })
public final class KumostatMain implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-m", "--manager"},
      paramLabel = "MANAGER[:PORT]",
      converter = AddressConverter.Manager.class,
      description = "Ask every active server that this manager names.")
  private @Nullable InetSocketAddress manager;

  @Parameters(arity = "1..2", paramLabel = "[SERVER[:PORT]] COMMAND", description = "See below.")
  private List<String> words = new ArrayList<>();

  @Option(
      names = "--watch",
      paramLabel = "TIME",
      arity = "0..1",
      fallbackValue = "1s",
      converter = DurationConverter.class,
      description =
          "Ask again and again, every second or as often as is said; latency is then of the time"
              + " since the question before.")
  private @Nullable Duration watch;

  @Option(
      names = {"-n", "--count"},
      paramLabel = "N",
      description = "With --watch, end after so many answers (default: never).")
  private long count = Long.MAX_VALUE;

  @Mixin private ToolOptions options = new ToolOptions();

  private final Map<String, LatencyReport> latencies = new HashMap<>();
  private ExitStatus status = ExitStatus.DONE;

  public static void main(String[] args) {
    Cli.main(new KumostatMain(), args);
  }

  @Override
  public Integer call() {
    int expected = manager == null ? 2 : 1;
    if (words.size() != expected) {
      throw CliException.usage(
          words.size() < expected
              ? "a command is missing"
              : "unexpected argument: " + words.get(expected));
    }
    StatCommand command = StatCommand.named(words.get(expected - 1));
    if (count < 1) {
      throw CliException.usage("-n must be at least 1");
    }
    Duration pause = watch;
    if (pause == null) {
      ask(command);
      return status.code();
    }
    for (long asked = 1; ; asked++) {
      ask(command);
      boolean unread = spec.commandLine().getOut().checkError() || System.out.checkError();
      if (asked >= count || unread) {
        return status.code();
      }
      LockSupport.parkNanos(pause.toNanos());
    }
  }

  private void ask(StatCommand command) {
    if (manager == null) {
      InetSocketAddress server = server(words.get(0));
      String name = ListenAddress.text(server);
      try (RpcClient client = options.connect(server)) {
        print(name, "", ask(command, name, client));
      }
    } else {
      askAll(manager, command);
    }
  }

  /** Latency is told of the time since the question before. */
  private StatCommand.Output ask(StatCommand command, String server, RpcClient client) {
    return command == StatCommand.LATENCY
        ? latencies.computeIfAbsent(server, unused -> new LatencyReport()).ask(client)
        : command.ask(client);
  }

  private static InetSocketAddress server(String text) {
    return AddressConverter.parseArgument(text, DefaultPorts.SERVER);
  }

  /** A server that does not answer is reported, and the others are asked all the same. */
  private void askAll(InetSocketAddress address, StatCommand command) {
    List<NodeAddress> servers;
    try (RpcClient client = options.connect(address)) {
      servers = StatusClient.activeServers(client);
    }
    if (servers.isEmpty()) {
      throw CliException.failed(NodeAddress.of(address) + " has no active server");
    }
    for (NodeAddress server : servers) {
      try (RpcClient client = options.connect(server.toSocketAddress())) {
        print(server.toString(), server + ":  ", ask(command, server.toString(), client));
      } catch (CliException e) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("kumostat: " + e.getMessage());
        err.flush();
        status = ExitStatus.FAILED;
      }
    }
  }

  private void print(String server, String prefix, StatCommand.Output answer) {
    if (!answer.asItShouldBe() && status == ExitStatus.DONE) {
      status = ExitStatus.NOT_AS_IT_SHOULD_BE;
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(
        options.choose(
            prefix + answer.text(),
            () -> {
              ObjectNode object = JsonNodeFactory.instance.objectNode().put("server", server);
              return object.setAll(answer.json());
            }));
    out.print(options.json() ? "\n" : "");
    out.flush();
  }
}
