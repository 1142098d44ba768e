package io.kumo.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.core.cli.AddressConverter;
import io.kumo.core.cli.Cli;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.core.clock.ClockTime;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.protocol.AttachNewServers;
import io.kumo.core.protocol.CreateBackup;
import io.kumo.core.protocol.DetachFaultServers;
import io.kumo.core.protocol.GetNodesInfo;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.NodesInfo;
import io.kumo.core.protocol.SetAutoReplace;
import io.kumo.core.protocol.StartReplace;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
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

/** The program kumoctl: the operator's hand on a cluster, through a manager. */
@Command(
    name = "kumoctl",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    customSynopsis = "Usage: kumoctl [options] MANAGER[:PORT=19700] COMMAND [ARGUMENT]",
    footer = {
      "Commands:",
      "  status                 servers and their states; exit 3 when one is fault",
      "  attach                 take in all new servers and rebalance",
      "  attach-noreplace       take in all new servers",
      "  detach                 drop all fault servers and rebalance",
      "  remove                 the same as detach",
      "  detach-noreplace       drop all fault servers",
      "  replace                rebalance without attach and detach",
      "  full-replace           rebalance and compare every record with every replica",
      "  backup [SUFFIX=today]  have every server copy its store",
      "  enable-auto-replace    attach, detach and rebalance automatically",
      "  disable-auto-replace   leave that to the operator"
    })
public final class KumoctlMain implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "MANAGER[:PORT]",
      converter = AddressConverter.Manager.class,
      description = "Either of the cluster's managers.")
  private InetSocketAddress manager = new InetSocketAddress(0);

  @Parameters(index = "1", paramLabel = "COMMAND", description = "See below.")
  private String command = "";

  @Parameters(index = "2", arity = "0..1", paramLabel = "ARGUMENT", description = "See below.")
  private @Nullable String argument;

  @Mixin private ToolOptions options = new ToolOptions();

  @Option(names = "--force", description = "attach although known servers have not reported.")
  private boolean force;

  public static void main(String[] args) {
    Cli.main(new KumoctlMain(), args);
  }

  @Override
  public Integer call() {
    if (argument != null && !command.equals("backup")) {
      throw CliException.usage("unexpected argument: " + argument);
    }
    if (force && !command.startsWith("attach")) {
      throw CliException.usage("--force belongs to attach");
    }
    switch (command) {
      case "status", "stat" -> {
        return status();
      }
      case "attach" -> order(new AttachNewServers(true, force));
      case "attach-noreplace" -> order(new AttachNewServers(false, force));
      case "detach", "remove" -> order(new DetachFaultServers(true));
      case "detach-noreplace" -> order(new DetachFaultServers(false));
      case "replace" -> order(new StartReplace(false));
      case "full-replace" -> order(new StartReplace(true));
      case "backup" -> backup();
      case "enable-auto-replace" -> order(new SetAutoReplace(true));
      case "disable-auto-replace" -> order(new SetAutoReplace(false));
      default -> throw CliException.usage("unknown command: " + command);
    }
    return ExitStatus.DONE.code();
  }

  private void order(Message message) {
    Boolean result;
    try (RpcClient client = options.connect(manager)) {
      result = client.call(message, RpcClient::nilOrBool);
    }
    print(
        options.choose(
            result == null ? "nil\n" : result + "\n",
            () -> JsonNodeFactory.instance.objectNode().put("result", result)));
  }

  private void backup() {
    String suffix = argument == null ? today() : argument;
    if (!options.json()) {
      print("suffix=" + suffix + "\n");
    }
    order(new CreateBackup(suffix));
  }

  private static String today() {
    Instant now = Instant.ofEpochMilli(TimeSource.system().unixMillis());
    return DateTimeFormatter.ofPattern("yyyyMMdd").withZone(ZoneId.systemDefault()).format(now);
  }

  private int status() {
    NodesInfo info;
    try (RpcClient client = options.connect(manager)) {
      info = client.call(new GetNodesInfo(), NodesInfo::read);
    }
    print(options.choose(text(info), () -> json(info)));
    boolean allActive = info.hashSpace().nodes().stream().allMatch(Node::active);
    return (allActive ? ExitStatus.DONE : ExitStatus.NOT_AS_IT_SHOULD_BE).code();
  }

  private static String text(NodesInfo info) {
    StringBuilder out = new StringBuilder(HashSpaceText.text(info.hashSpace(), "attached node"));
    out.append("not attached node:\n");
    newcomers(info).forEach(address -> out.append("  ").append(address).append('\n'));
    return out.toString();
  }

  private static List<NodeAddress> newcomers(NodesInfo info) {
    List<NodeAddress> sorted = new ArrayList<>(info.newcomers());
    sorted.sort(null);
    return sorted;
  }

  private static ObjectNode json(NodesInfo info) {
    ObjectNode out = JsonNodeFactory.instance.objectNode();
    out.put("clocktime", Long.toUnsignedString(info.hashSpace().clockTime()));
    out.put("changed", ClockTime.format(info.hashSpace().clockTime()));
    HashSpaceText.json(out, info.hashSpace());
    ArrayNode list = out.putArray("newcomers");
    newcomers(info).forEach(address -> list.add(address.toString()));
    return out;
  }

  private void print(String text) {
    spec.commandLine().getOut().print(text.endsWith("\n") ? text : text + "\n");
    spec.commandLine().getOut().flush();
  }
}
