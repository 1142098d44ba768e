package io.kumo.core.cli;

import io.kumo.core.ring.NodeAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whom a server or a gateway goes by. */
public final class ManagerPairOptions {

  @Option(
      names = {"-m", "--manager1"},
      paramLabel = "HOST[:PORT]",
      required = true,
      converter = AddressConverter.Manager.class,
      description = "A manager of the cluster.")
  private InetSocketAddress manager1 = new InetSocketAddress(0);

  @Option(
      names = {"-p", "--manager2"},
      paramLabel = "HOST[:PORT]",
      converter = AddressConverter.Manager.class,
      description = "The other manager of the pair.")
  private @Nullable InetSocketAddress manager2;

  /** One or two. Throws {@link CliException} when both are the same. */
  public List<NodeAddress> addresses() {
    if (manager2 == null) {
      return List.of(NodeAddress.of(manager1));
    }
    if (manager1.equals(manager2)) {
      throw CliException.usage("-m and -p must be different");
    }
    return List.of(NodeAddress.of(manager1), NodeAddress.of(manager2));
  }
}
