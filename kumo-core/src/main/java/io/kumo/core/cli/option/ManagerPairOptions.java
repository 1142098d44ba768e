package io.kumo.core.cli.option;

import io.kumo.core.cli.AddressConverter;
import io.kumo.core.cli.CliException;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.NamedNode;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whom a server or a gateway follows. */
public final class ManagerPairOptions {

  @Option(
      names = {"-m", "--manager1"},
      paramLabel = "HOST[:PORT]",
      required = true,
      converter = AddressConverter.NamedManager.class,
      description = "A manager of the cluster.")
  private NamedNode manager1 = new NamedNode(AddressConverter.LOOPBACK, 0, null);

  @Option(
      names = {"-p", "--manager2"},
      paramLabel = "HOST[:PORT]",
      converter = AddressConverter.NamedManager.class,
      description = "The other manager of the pair.")
  private @Nullable NamedNode manager2;

  /** One or two. Throws {@link CliException} when both are the same. */
  public List<NamedNode> names() {
    NamedNode second = manager2;
    if (second == null) {
      return List.of(manager1);
    }
    if (second.equals(manager1)
        || (second.address() != null && second.address().equals(manager1.address()))) {
      throw CliException.usage("-m and -p must be different");
    }
    return List.of(manager1, second);
  }

  /** Those whose names mean something. Throws {@link CliException} when both are the same. */
  public List<NodeAddress> addresses() {
    return names().stream().map(NamedNode::address).filter(Objects::nonNull).toList();
  }
}
