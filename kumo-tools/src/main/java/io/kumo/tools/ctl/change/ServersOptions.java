package io.kumo.tools.ctl.change;

import io.kumo.core.cli.AddressConverter;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Parameters;

/** Belongs to attach, detach and replace. */
final class ServersOptions {
  @Parameters(
      arity = "0..*",
      paramLabel = "SERVER[:PORT]",
      converter = AddressConverter.Server.class,
      description = "These servers and no others.")
  private List<InetSocketAddress> servers = new ArrayList<>();

  List<InetSocketAddress> servers() {
    return servers;
  }
}
