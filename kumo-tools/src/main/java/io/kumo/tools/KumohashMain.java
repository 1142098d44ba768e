package io.kumo.tools;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.core.cli.AddressConverter;
import io.kumo.core.cli.Cli;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.DefaultPorts;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Suggestion;
import io.kumo.core.cli.Version;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.KeyHash;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.ring.VirtualNode;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The program kumohash: where keys belong, for servers that are named or that a manager knows. */
@Command(
    name = "kumohash",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Tells where keys belong.",
    customSynopsis = {
      "kumohash SERVER[:PORT=19800] ... -- COMMAND [KEYS]",
      "       kumohash -m MANAGER[:PORT=19700] COMMAND [KEYS]"
    },
    footer = {
      "Commands:",
      "  hash KEYS...    hash values",
      "  assign KEYS...  the servers that hold them, the coordinator first",
      "  dump            the points of all servers on the ring"
    })
public final class KumohashMain implements Callable<Integer> {

  private static final String DELIMITER = "--";
  private static final List<String> COMMANDS = List.of("hash", "assign", "dump");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-m", "--manager"},
      paramLabel = "MANAGER[:PORT]",
      converter = AddressConverter.Manager.class,
      description = "Take the servers of this manager's cluster.")
  private @Nullable InetSocketAddress manager;

  @Option(
      names = "--replicas",
      paramLabel = "N",
      description = "Suppose so many copies, 1 to 7 (default: 3, or what the cluster has).")
  private @Nullable Integer replicas;

  @Option(
      names = "--zone",
      paramLabel = "SERVER[:PORT]=NAME",
      converter = ServerZone.Converter.class,
      description = "Suppose that a server is in this zone; once for each server.")
  private List<ServerZone> zones = new ArrayList<>();

  @Parameters(arity = "0..*", hidden = true)
  private List<String> words = new ArrayList<>();

  @Mixin private ToolOptions options = new ToolOptions();

  /** What stood behind the delimiter, which picocli would drop. */
  private final List<String> behindDelimiter;

  /** Nothing stands behind a delimiter. */
  public KumohashMain() {
    this(List.of());
  }

  KumohashMain(List<String> behindDelimiter) {
    this.behindDelimiter = behindDelimiter;
  }

  public static void main(String[] args) {
    List<String> all = Arrays.asList(args);
    Cli.main(new KumohashMain(behind(all)), before(all));
  }

  static String[] before(List<String> args) {
    int delimiter = args.indexOf(DELIMITER);
    return args.subList(0, delimiter < 0 ? args.size() : delimiter).toArray(new String[0]);
  }

  static List<String> behind(List<String> args) {
    int delimiter = args.indexOf(DELIMITER);
    return delimiter < 0 ? List.of() : args.subList(delimiter + 1, args.size());
  }

  @Override
  public Integer call() {
    List<String> line = new ArrayList<>(manager == null ? List.of() : words);
    line.addAll(behindDelimiter);
    if (line.isEmpty() || (manager == null && words.isEmpty())) {
      throw CliException.usage("servers or a command are missing");
    }
    PrintWriter out = spec.commandLine().getOut();
    List<String> keys = line.subList(1, line.size());
    switch (line.get(0)) {
      case "hash" -> keys.forEach(key -> print(out, hashText(key), () -> hashJson(key)));
      case "assign" -> {
        HashSpace space = hashSpace();
        for (String key : keys) {
          List<NodeAddress> replicas =
              space.replicas(hash(key)).stream().map(Node::address).toList();
          print(out, replicasText(key, replicas), () -> replicasJson(key, replicas));
        }
      }
      case "dump" ->
          hashSpace().dump().forEach(point -> print(out, pointText(point), () -> pointJson(point)));
      default -> throw Suggestion.unknownCommand(line.get(0), COMMANDS);
    }
    out.flush();
    return ExitStatus.DONE.code();
  }

  private HashSpace hashSpace() {
    HashSpace known = knownSpace();
    for (ServerZone zone : zones) {
      if (known.find(zone.server()).isEmpty()) {
        throw CliException.usage("--zone: " + zone.server() + " is none of the servers");
      }
    }
    int copies = CopiesOption.check(replicas);
    HashSpace supposed = copies == 0 ? known : known.withCopies(copies, known.clockTime());
    return ServerZone.suppose(zones, supposed);
  }

  private HashSpace knownSpace() {
    if (manager == null) {
      return HashSpace.of(words.stream().map(KumohashMain::server).toList(), 0);
    }
    HashSpace space;
    try (RpcClient client = options.connect(manager)) {
      space = StatusClient.nodes(client).hashSpace();
    }
    if (space.isEmpty()) {
      throw CliException.failed(NodeAddress.of(manager) + " has no active server");
    }
    return space;
  }

  private static Node server(String text) {
    return new Node(
        NodeAddress.of(AddressConverter.parseArgument(text, DefaultPorts.SERVER)), true);
  }

  private static long hash(String key) {
    return KeyHash.of(key.getBytes(StandardCharsets.UTF_8));
  }

  private void print(PrintWriter out, String text, Supplier<ObjectNode> json) {
    out.print(options.choose(text, json));
    out.print(options.json() ? "\n" : "");
  }

  private static String hashText(String key) {
    return "%016x  %s%n".formatted(hash(key), key);
  }

  private static ObjectNode hashJson(String key) {
    ObjectNode object = JsonNodeFactory.instance.objectNode().put("key", key);
    return object.put("hash", "%016x".formatted(hash(key)));
  }

  private static String replicasText(String key, List<NodeAddress> replicas) {
    StringBuilder out = new StringBuilder(hashText(key));
    for (int i = 0; i < replicas.size(); i++) {
      out.append("  %d: %s%n".formatted(i, replicas.get(i)));
    }
    return out.toString();
  }

  private static ObjectNode replicasJson(String key, List<NodeAddress> replicas) {
    ObjectNode object = hashJson(key);
    replicas.forEach(server -> object.withArray("servers").add(server.toString()));
    return object;
  }

  private static String pointText(VirtualNode point) {
    return "%016x  %s%n".formatted(point.hash(), point.node().address());
  }

  private static ObjectNode pointJson(VirtualNode point) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("hash", "%016x".formatted(point.hash()));
    return object.put("server", point.node().address().toString());
  }
}
