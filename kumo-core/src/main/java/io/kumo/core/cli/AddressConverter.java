package io.kumo.core.cli;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.NamedNode;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads {@code host[:port]}, {@code [IPv6 address][:port]}, {@code :port} or a bare port into a
 * resolved address. A bare port means loopback, so that listening elsewhere is always what the user
 * typed. The first IPv4 address of a host name wins, as in kumofs 0.4.13; one without any has its
 * first IPv6 address.
 *
 * <p>The nested classes carry the default port of a role; picocli needs a class per default.
 */
public abstract class AddressConverter implements ITypeConverter<InetSocketAddress> {

  /** The address that a bare port means. */
  public static final String LOOPBACK = "127.0.0.1";

  /** What may come to be a host name: with a letter, as what has none is a mistyped address. */
  private static final Pattern NAME = Pattern.compile("(?=.*[A-Za-z])[A-Za-z0-9._-]+");

  private static final int MAX_PORT = 65535;

  private final int defaultPort;

  private AddressConverter(int defaultPort) {
    this.defaultPort = defaultPort;
  }

  @Override
  public InetSocketAddress convert(String text) {
    return parse(text, defaultPort);
  }

  /**
   * Throws {@link TypeConversionException}, with a message fit for the user, when {@code text} has
   * another form or its host has no address.
   */
  public static InetSocketAddress parse(String text, int defaultPort) {
    NamedNode named = split(text, defaultPort);
    return resolve(named.host(), named.port());
  }

  /**
   * The same for a node that may be looked for later: a name that means nothing now is kept. Throws
   * {@link TypeConversionException} when {@code text} has another form.
   */
  public static NamedNode parseNamed(String text, int defaultPort) {
    NamedNode named = split(text, defaultPort);
    try {
      NodeAddress address = NodeAddress.of(resolve(named.host(), named.port()));
      return new NamedNode(named.host(), named.port(), address);
    } catch (TypeConversionException e) {
      if (!NAME.matcher(named.host()).matches()) {
        throw e;
      }
      return named;
    }
  }

  /** The same without looking the host up. */
  public static NamedNode split(String text, int defaultPort) {
    if (text.startsWith("[")) {
      return splitWide(text, defaultPort);
    }
    int colon = text.lastIndexOf(':');
    if (colon >= 0) {
      String host = text.substring(0, colon);
      if (host.indexOf(':') >= 0) {
        throw new TypeConversionException(
            "'" + text + "' is not a host name or an IPv4 address; IPv6 is [ADDRESS]:PORT");
      }
      int port = port(text, text.substring(colon + 1));
      return new NamedNode(host.isEmpty() ? LOOPBACK : host, port, null);
    }
    return isNumber(text)
        ? new NamedNode(LOOPBACK, port(text, text), null)
        : new NamedNode(text, defaultPort, null);
  }

  private static NamedNode splitWide(String text, int defaultPort) {
    int end = text.indexOf(']');
    String host = end < 0 ? "" : text.substring(1, end);
    String rest = end < 0 ? "" : text.substring(end + 1);
    if (host.indexOf(':') < 0 || (!rest.isEmpty() && !rest.startsWith(":"))) {
      throw new TypeConversionException("'" + text + "' is not [ADDRESS]:PORT");
    }
    return new NamedNode(host, rest.isEmpty() ? defaultPort : port(text, rest.substring(1)), null);
  }

  /**
   * The same for an argument that may be left out: what picocli cannot convert there it reports as
   * an unmatched argument, without the reason. Throws {@link CliException}.
   */
  public static InetSocketAddress parseArgument(String text, int defaultPort) {
    try {
      return parse(text, defaultPort);
    } catch (TypeConversionException e) {
      throw new CliException(ExitStatus.USAGE, e.getMessage(), e);
    }
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /**
   * The number of a port; what it is part of is for the message of {@link TypeConversionException}.
   */
  public static int port(String text, String digits) {
    if (isNumber(digits) && digits.length() <= 5) {
      int port = Integer.parseInt(digits);
      if (port <= MAX_PORT) {
        return port;
      }
    }
    throw new TypeConversionException("'" + text + "' has no port between 0 and " + MAX_PORT);
  }

  private static InetSocketAddress resolve(String host, int port) {
    if (host.isEmpty()) {
      throw new TypeConversionException("'' is not a host name or an address");
    }
    try {
      return new InetSocketAddress(preferred(InetAddress.getAllByName(host)), port);
    } catch (UnknownHostException e) {
      throw new TypeConversionException("cannot resolve host '" + host + "'");
    }
  }

  /** The first IPv4 address, as in kumofs 0.4.13; where there is none, the first. */
  private static InetAddress preferred(InetAddress... addresses) {
    for (InetAddress address : addresses) {
      if (address instanceof Inet4Address) {
        return address;
      }
    }
    return addresses[0];
  }

  /** The default port is {@link DefaultPorts#MANAGER}. */
  public static final class Manager extends AddressConverter {
    public Manager() {
      super(DefaultPorts.MANAGER);
    }
  }

  /** A manager to be looked for, now or later; its default port is {@link DefaultPorts#MANAGER}. */
  public static final class NamedManager implements ITypeConverter<NamedNode> {
    @Override
    public NamedNode convert(String text) {
      return parseNamed(text, DefaultPorts.MANAGER);
    }
  }

  /** Without a port all of the host is meant: the port is 0 then. */
  public static final class Original extends AddressConverter {
    public Original() {
      super(0);
    }
  }

  /** The default port is {@link DefaultPorts#SERVER}. */
  public static final class Server extends AddressConverter {
    public Server() {
      super(DefaultPorts.SERVER);
    }
  }

  /** The default port is {@link DefaultPorts#STREAM}. */
  public static final class Stream extends AddressConverter {
    public Stream() {
      super(DefaultPorts.STREAM);
    }
  }

  /** The default port is {@link DefaultPorts#METRICS}. */
  public static final class Metrics extends AddressConverter {
    public Metrics() {
      super(DefaultPorts.METRICS);
    }
  }

  /** The default port is {@link DefaultPorts#TEXT}. */
  public static final class Text extends AddressConverter {
    public Text() {
      super(DefaultPorts.TEXT);
    }
  }
}
