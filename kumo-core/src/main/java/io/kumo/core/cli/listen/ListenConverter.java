package io.kumo.core.cli.listen;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kumo.core.cli.AddressConverter;
import io.kumo.core.cli.DefaultPorts;
import io.kumo.core.rpc.NamedNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads where clients are to be served: {@code host[:port]}, {@code :port} or a bare port, which
 * mean loopback, as {@link AddressConverter} does; an IPv6 address in brackets, {@code
 * [address][:port]}; or {@code unix:PATH}. A name means all its addresses of the families that this
 * machine has.
 *
 * <p>The nested classes carry the default port; picocli needs a class per default.
 */
public abstract class ListenConverter implements ITypeConverter<ListenAddress> {
  /** How a place in the file system begins. */
  static final String UNIX = "unix:";

  /** What the kernel takes of a path, without the zero at its end. */
  private static final int MAX_PATH_BYTES = 107;

  private final int defaultPort;

  private ListenConverter(int defaultPort) {
    this.defaultPort = defaultPort;
  }

  @Override
  public ListenAddress convert(String text) {
    if (text.startsWith(UNIX)) {
      return new ListenAddress(List.of(file(text.substring(UNIX.length()))));
    }
    NamedNode named = AddressConverter.split(text, defaultPort);
    return new ListenAddress(all(named.host(), named.port()));
  }

  private static List<SocketAddress> all(String host, int port) {
    try {
      boolean wide = hasWideAddresses();
      List<SocketAddress> addresses =
          Stream.of(InetAddress.getAllByName(host))
              .filter(address -> wide || !(address instanceof Inet6Address))
              .distinct()
              .<SocketAddress>map(address -> new InetSocketAddress(address, port))
              .toList();
      if (!addresses.isEmpty()) {
        return addresses;
      }
    } catch (UnknownHostException e) {
      throw new TypeConversionException("cannot resolve host '" + host + "': " + e.getMessage());
    }
    throw new TypeConversionException("host '" + host + "' has no address of this machine's kind");
  }

  /** Many machines know the IPv6 address of a name, localhost among them, and have no IPv6. */
  private static boolean hasWideAddresses() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .anyMatch(Inet6Address.class::isInstance);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list the addresses of this machine", e);
    }
  }

  private static SocketAddress file(String path) {
    if (path.isEmpty() || path.getBytes(UTF_8).length > MAX_PATH_BYTES || path.indexOf(0) >= 0) {
      throw new TypeConversionException(
          "unix: needs a path of at most " + MAX_PATH_BYTES + " bytes");
    }
    return UnixDomainSocketAddress.of(path);
  }

  /** The default port is {@link DefaultPorts#TEXT}. */
  public static final class Text extends ListenConverter {
    public Text() {
      super(DefaultPorts.TEXT);
    }
  }

  /** The default port is {@link DefaultPorts#BINARY}. */
  public static final class Binary extends ListenConverter {
    public Binary() {
      super(DefaultPorts.BINARY);
    }
  }

  /** The default port is {@link DefaultPorts#CLOUDY}. */
  public static final class Cloudy extends ListenConverter {
    public Cloudy() {
      super(DefaultPorts.CLOUDY);
    }
  }

  /** The default port is {@link DefaultPorts#HTTP_KEYS}. */
  public static final class HttpKeys extends ListenConverter {
    public HttpKeys() {
      super(DefaultPorts.HTTP_KEYS);
    }
  }
}
