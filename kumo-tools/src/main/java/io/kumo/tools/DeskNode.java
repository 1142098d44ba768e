package io.kumo.tools;

import io.kumo.core.cli.AddressConverter;
import io.kumo.core.cli.CliException;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.desk.AskGateway;
import io.kumo.core.protocol.status.Gateways;
import io.kumo.core.protocol.status.GetGateways;
import io.kumo.core.ring.NodeAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/**
 * A node that an operator asks or orders: a manager or server at its own port, or a gateway, which
 * has none for that, by way of the manager that it has come to.
 *
 * @param name as it is shown
 * @param port where it is asked
 * @param from where the gateway has come from; null of others
 */
public record DeskNode(String name, InetSocketAddress port, @Nullable String from) {
  /** A manager or server. */
  public static DeskNode of(NodeAddress node) {
    return new DeskNode(node.toString(), node.toSocketAddress(), null);
  }

  /** The gateways that a manager knows. */
  public static List<DeskNode> gateways(ToolOptions options, InetSocketAddress manager) {
    try (RpcClient client = options.connect(manager)) {
      List<Gateways.Gateway> known =
          client.callIfKnown(new GetGateways(), in -> Gateways.read(in).list(), () -> List.of());
      return known.stream().map(gateway -> of(gateway, manager)).toList();
    }
  }

  /** One of those that a manager knows. */
  public static DeskNode of(Gateways.Gateway gateway, InetSocketAddress manager) {
    String address = gateway.status().address();
    return new DeskNode(address.isEmpty() ? gateway.from() : address, manager, gateway.from());
  }

  /**
   * What is meant by a name: gateways as {@code kumoctl gateways} names them, by where clients
   * connect or by where they have come from; else a manager or server.
   */
  public static List<DeskNode> named(String name, List<DeskNode> gateways) {
    List<DeskNode> meant =
        gateways.stream().filter(one -> name.equals(one.name) || name.equals(one.from)).toList();
    if (!meant.isEmpty()) {
      return meant;
    }
    return List.of(of(parse(name)));
  }

  /**
   * The address of a manager or server as nodes tell it; throws {@link CliException} for what is
   * none.
   */
  public static String address(String name) {
    return parse(name).toString();
  }

  private static NodeAddress parse(String name) {
    try {
      return NodeAddress.of(new AddressConverter.Server().convert(name));
    } catch (TypeConversionException e) {
      throw CliException.usage(e.getMessage());
    }
  }

  /** Asks it; gives what {@code whenUnknown} gives when the question is not known there. */
  public <T extends @Nullable Object> T ask(
      ToolOptions options,
      Message question,
      RpcClient.ResultReader<T> reader,
      Supplier<T> whenUnknown) {
    Message asked = from == null ? question : new AskGateway(from, question);
    try (RpcClient client = options.connect(port)) {
      return client.callIfKnown(asked, reader, whenUnknown);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
