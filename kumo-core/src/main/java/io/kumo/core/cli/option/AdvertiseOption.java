package io.kumo.core.cli.option;

import io.kumo.core.cli.AddressConverter;
import io.kumo.core.cli.CliException;
import io.kumo.core.ring.NodeAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** By which address others know a manager or a server. */
public final class AdvertiseOption {

  @Option(
      names = "--advertise",
      paramLabel = "HOST[:PORT]",
      description =
          "Under which address others know this process, when -l is a wildcard; the port of -l"
              + " unless there is one.")
  private @Nullable String advertise;

  /** Whether it is another one than where the process listens. */
  public boolean isGiven() {
    return advertise != null;
  }

  /**
   * Throws {@link CliException} when that is no address that others can use.
   *
   * @param listen where the process listens
   */
  public NodeAddress own(InetSocketAddress listen) {
    NodeAddress own = NodeAddress.of(advertise == null ? listen : parse(advertise, listen));
    if (own.isWildcard()) {
      throw CliException.usage("to listen on every address, say with --advertise which is its own");
    }
    if (own.port() == 0) {
      throw CliException.usage("a port is needed that others can know");
    }
    return own;
  }

  private static InetSocketAddress parse(String text, InetSocketAddress listen) {
    try {
      return AddressConverter.parse(text, listen.getPort());
    } catch (TypeConversionException e) {
      throw CliException.usage("--advertise: " + e.getMessage());
    }
  }
}
