package io.kumo.core.cli.listen;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.List;

/**
 * Where a port for clients is to be: a name may mean several addresses.
 *
 * @param addresses resolved ones, IPv4 and IPv6, or one of the file system
 */
public record ListenAddress(List<SocketAddress> addresses) {
  public ListenAddress {
    addresses = List.copyOf(addresses);
  }

  /** As it is typed. */
  public static String text(SocketAddress address) {
    if (address instanceof InetSocketAddress port) {
      String host = port.getHostString();
      return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port.getPort();
    }
    return address instanceof UnixDomainSocketAddress file
        ? ListenConverter.UNIX + file.getPath()
        : address.toString();
  }

  /** Whether only this machine reaches it. */
  public static boolean isLocal(SocketAddress address) {
    return !(address instanceof InetSocketAddress port) || port.getAddress().isLoopbackAddress();
  }
}
