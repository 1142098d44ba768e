package io.kumo.tools;

import io.kumo.core.cli.AddressConverter;
import io.kumo.core.cli.DefaultPorts;
import io.kumo.core.cli.ZoneName;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What {@code --zone SERVER[:PORT]=NAME} supposes of a server; nothing is told to anybody. */
public record ServerZone(NodeAddress server, String zone) {
  /** The hash space as it would be if servers were in these zones. */
  public static HashSpace suppose(List<ServerZone> zones, HashSpace space) {
    HashSpace supposed = space;
    for (ServerZone each : zones) {
      supposed = supposed.withZone(each.server, each.zone, space.clockTime());
    }
    return supposed;
  }

  /** From the command line. */
  public static final class Converter implements ITypeConverter<ServerZone> {
    @Override
    public ServerZone convert(String value) {
      int at = value.indexOf('=');
      if (at < 1) {
        throw new TypeConversionException("SERVER[:PORT]=NAME is wanted, not: " + value);
      }
      String zone = new ZoneName().convert(value.substring(at + 1));
      return new ServerZone(
          NodeAddress.of(
              AddressConverter.parseArgument(value.substring(0, at), DefaultPorts.SERVER)),
          zone);
    }
  }
}
