package io.kumo.tools;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.DurationConverter;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Supplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options of the tools that talk to a cluster. */
public final class ToolOptions {

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      scope = ScopeType.INHERIT,
      defaultValue = "text",
      description =
          "text or json, of kumoctl's status, nodes and gateways also table or wide (default:"
              + " ${DEFAULT-VALUE}).")
  private OutputFormat format = OutputFormat.TEXT;

  private boolean tablesShown;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      scope = ScopeType.INHERIT,
      defaultValue = "10s",
      converter = DurationConverter.class,
      description =
          "Wait this long for a connection and for an answer (default: ${DEFAULT-VALUE}).")
  private Duration timeout = Duration.ofSeconds(10);

  @Mixin private NodeOptions nodes = new NodeOptions();

  /** A command that shows tables says so by this, before it asks anybody. */
  public OutputFormat form() {
    tablesShown = true;
    return format;
  }

  /** Throws {@link CliException} for a form that the command does not print. */
  public RpcClient connect(InetSocketAddress address) {
    if (!tablesShown && (format == OutputFormat.TABLE || format == OutputFormat.WIDE)) {
      throw CliException.usage("-o table and -o wide are of status, nodes and gateways");
    }
    return nodes.connect(address, timeout);
  }

  public NodeOptions nodes() {
    return nodes;
  }

  public Duration timeout() {
    return timeout;
  }

  public boolean json() {
    return format == OutputFormat.JSON;
  }

  /** {@code text} or, when asked for, {@code json} in one line. */
  public String choose(String text, Supplier<ObjectNode> json) {
    if (!json()) {
      return text;
    }
    try {
      return new ObjectMapper().writeValueAsString(json.get());
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
