package io.kumo.tools.ctl.keep;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.core.cli.AddressConverter;
import io.kumo.core.cli.Cli;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.DefaultPorts;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.ZoneName;
import io.kumo.core.file.PrivateFiles;
import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.DelayedFlush;
import io.kumo.core.protocol.NodeExtras;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.admin.GetAutoReplace;
import io.kumo.core.protocol.admin.LoadState;
import io.kumo.core.protocol.original.HashSpaceRequest;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.tools.Printer;
import io.kumo.tools.RpcClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/**
 * What managers know of a cluster, as JSON that can be kept and read: both hash spaces, and what
 * belongs to them. Numbers of 64 bits are strings, as many readers of JSON cannot hold them.
 */
final class ManagerState {
  private static final String FORMAT = "kumo manager state 1";
  private static final String AUTO_REPLACE = "autoReplace";
  private static final String DELAYED_FLUSH = "delayedFlush";
  private static final String COPIES = "copies";
  private static final String ZONE = "zone";
  private static final int MAX_BYTES = 16 << 20;

  private ManagerState() {}

  static ExitStatus dump(Printer printer, InetSocketAddress manager, @Nullable Path file) {
    String text = ask(printer, manager).toPrettyString() + "\n";
    if (file == null) {
      printer.text(text);
      return ExitStatus.DONE;
    }
    try {
      write(file, text);
    } catch (IOException e) {
      throw new CliException(ExitStatus.FAILED, "cannot write " + file + ": " + Cli.describe(e), e);
    }
    return ExitStatus.DONE;
  }

  /** A state that was kept there before is lost only to one that has been written whole. */
  private static void write(Path file, String text) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      Files.writeString(file, text); // a device, say
      return;
    }
    Path target = Files.exists(file) ? file.toRealPath() : file;
    PrivateFiles.replace(target, text.getBytes(UTF_8));
  }

  /** An original manager has no word for its switch. */
  private static ObjectNode ask(Printer printer, InetSocketAddress manager) {
    try (RpcClient client = printer.options().connect(manager)) {
      PublishedSpaces view = client.call(HashSpaceRequest.ours(), PublishedSpaces::read);
      ObjectNode state = write(view);
      if (view.extras().isPresent()) {
        state.put(AUTO_REPLACE, client.call(new GetAutoReplace(), MsgPack::readBool));
      }
      return state;
    }
  }

  private static ObjectNode write(PublishedSpaces view) {
    ObjectNode state = JsonNodeFactory.instance.objectNode().put("format", FORMAT);
    writeSpace(state.putObject("write"), view.spaces().write());
    writeSpace(state.putObject("read"), view.spaces().read());
    ArrayNode servers = state.putArray("servers");
    for (NodeExtras node : view.extras().nodes()) {
      ObjectNode server = servers.addObject().put("address", node.address().toString());
      server.put("capabilities", Integer.toUnsignedLong(node.capabilities()));
      server.put("incarnation", Long.toUnsignedString(node.incarnation()));
      putZone(server, node.zone());
    }
    state.put("flushed", Long.toUnsignedString(view.extras().flushClockTime()));
    state.put("settled", Long.toUnsignedString(view.extras().completedClockTime()));
    DelayedFlush flush = view.extras().delayedFlush();
    if (flush.version() != 0) {
      ObjectNode delayed = state.putObject(DELAYED_FLUSH);
      delayed.put("ordered", Long.toUnsignedString(flush.version()));
      delayed.put("due", flush.dueSeconds());
    }
    return state;
  }

  private static void writeSpace(ObjectNode object, HashSpace space) {
    object.put("clocktime", Long.toUnsignedString(space.clockTime()));
    object.put(COPIES, space.copies());
    ArrayNode nodes = object.putArray("nodes");
    for (Node node : space.nodes()) {
      ObjectNode written = nodes.addObject().put("address", node.address().toString());
      written.put("active", node.active());
      putZone(written, node.zone());
    }
  }

  private static void putZone(ObjectNode object, String zone) {
    if (!zone.isEmpty()) {
      object.put(ZONE, zone);
    }
  }

  /** Throws {@link CliException} with what is wrong with the file. */
  static LoadState read(Path file, boolean force) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw CliException.failed(file + " is no state of managers: too long");
      }
      return read(new ObjectMapper().readTree(Files.readAllBytes(file)), force);
    } catch (JsonProcessingException e) {
      throw new CliException(ExitStatus.FAILED, file + " is no state of managers: not JSON", e);
    } catch (IllegalArgumentException | TypeConversionException e) {
      throw new CliException(
          ExitStatus.FAILED, file + " is no state of managers: " + Cli.describe(e), e);
    } catch (IOException e) {
      throw new CliException(ExitStatus.FAILED, "cannot read " + file + ": " + Cli.describe(e), e);
    }
  }

  private static LoadState read(JsonNode state, boolean force) {
    if (!state.path("format").asText().equals(FORMAT)) {
      throw new IllegalArgumentException("it does not say that it is: " + FORMAT);
    }
    List<NodeExtras> servers = new ArrayList<>();
    for (JsonNode server : part(state, "servers")) {
      servers.add(
          new NodeExtras(
              address(server),
              (int) number(server, "capabilities"),
              number(server, "incarnation"),
              zone(server)));
    }
    HashSpaces spaces =
        new HashSpaces(readSpace(part(state, "write")), readSpace(part(state, "read")));
    ClusterExtras extras =
        new ClusterExtras(
            servers, number(state, "flushed"), number(state, "settled"), readDelayed(state));
    JsonNode autoReplace = state.path(AUTO_REPLACE);
    return new LoadState(
        new PublishedSpaces(spaces, extras),
        force,
        autoReplace.isBoolean() ? (Boolean) autoReplace.asBoolean() : null);
  }

  private static DelayedFlush readDelayed(JsonNode state) {
    JsonNode delayed = state.path(DELAYED_FLUSH);
    return delayed.isObject()
        ? new DelayedFlush(number(delayed, "ordered"), number(delayed, "due"))
        : DelayedFlush.NONE;
  }

  private static HashSpace readSpace(JsonNode object) {
    List<Node> nodes = new ArrayList<>();
    for (JsonNode node : part(object, "nodes")) {
      nodes.add(new Node(address(node), isActive(node), zone(node)));
    }
    int copies = object.path(COPIES).asInt(HashSpace.DEFAULT_COPIES);
    return HashSpace.of(nodes, number(object, "clocktime"), copies);
  }

  private static String zone(JsonNode node) {
    String zone = node.path(ZONE).asText("");
    return zone.isEmpty() ? zone : new ZoneName().convert(zone);
  }

  private static NodeAddress address(JsonNode node) {
    return NodeAddress.of(
        AddressConverter.parse(part(node, "address").asText(), DefaultPorts.SERVER));
  }

  private static long number(JsonNode node, String name) {
    String text = part(node, name).asText();
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " is not a number", e);
    }
  }

  private static boolean isActive(JsonNode node) {
    JsonNode active = part(node, "active");
    if (!active.isBoolean()) {
      throw new IllegalArgumentException("active is neither true nor false");
    }
    return active.asBoolean();
  }

  private static JsonNode part(JsonNode object, String name) {
    JsonNode part = object.path(name);
    if (part.isMissingNode()) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return part;
  }
}
