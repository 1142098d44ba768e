package io.kumo.tools;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.core.cli.AddressConverter;
import io.kumo.core.cli.Cli;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.DefaultPorts;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.core.ring.NodeAddress;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
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

  @Mixin private ToolOptions options = new ToolOptions();

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
    if (manager == null) {
      InetSocketAddress server = server(words.get(0));
      try (RpcClient client = options.connect(server)) {
        print(server.getHostString() + ":" + server.getPort(), "", command.ask(client));
      }
    } else {
      askAll(manager, command);
    }
    return status.code();
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
        print(server.toString(), server + ":  ", command.ask(client));
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
