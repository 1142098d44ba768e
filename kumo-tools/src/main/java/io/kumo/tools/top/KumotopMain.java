package io.kumo.tools.top;

import io.kumo.core.cli.AddressConverter;
import io.kumo.core.cli.Cli;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.DefaultPorts;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.tools.NodeOptions;
import java.io.IOException;
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

/** The program kumotop: what the servers do, drawn on the whole terminal. */
@Command(
    name = "kumotop",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Shows the statistics of servers as they change.",
    customSynopsis = {
      "kumotop [options] SERVER[:PORT=19800] ...",
      "       kumotop [options] -m MANAGER[:PORT=19700]"
    },
    footer = {
      "The status is ready, WAIT, Copying, Deleting, inactive, suspended, or FULL when the disk"
          + " is.",
      "On a terminal, h tells the keys. Elsewhere it prints plain lines, a header first."
    })
public final class KumotopMain implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-m", "--manager"},
      paramLabel = "MANAGER[:PORT]",
      converter = AddressConverter.Manager.class,
      description = "Show every server that is attached at this manager.")
  private @Nullable InetSocketAddress manager;

  @Parameters(arity = "0..*", paramLabel = "SERVER[:PORT]", description = "Show these servers.")
  private List<String> servers = new ArrayList<>();

  @Mixin private TopOptions top = new TopOptions();

  @Mixin private NodeOptions nodes = new NodeOptions();

  public static void main(String[] args) {
    Cli.main(new KumotopMain(), args);
  }

  @Override
  public Integer call() throws IOException {
    if ((manager == null) == servers.isEmpty()) {
      throw CliException.usage("give either servers or -m with a manager");
    }
    List<InetSocketAddress> addresses =
        servers.stream()
            .map(text -> AddressConverter.parseArgument(text, DefaultPorts.SERVER))
            .toList();
    new TopRun(top, nodes, spec.commandLine().getOut()).run(manager, addresses);
    return ExitStatus.DONE.code();
  }
}
