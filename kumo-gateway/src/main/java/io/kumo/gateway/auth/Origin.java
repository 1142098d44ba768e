package io.kumo.gateway.auth;

/**
 * Where a client is connected from, as far as places that wait are shared out by it.
 *
 * @param network the machines near it: 24 bits of an IPv4 address, 48 of an IPv6 one
 * @param address its own; of an IPv6 one the first 64 bits, for behind these one machine may have
 *     any it likes. Both are empty for a client of the file system
 */
record Origin(String network, String address) {
  private static final int V6_NETWORK_GROUPS = 3;
  private static final int V6_ADDRESS_GROUPS = 4;

  /**
   * Of an address.
   *
   * @param host as {@link java.net.InetAddress#getHostAddress} writes it
   */
  static Origin of(String host) {
    if (host.indexOf(':') >= 0) {
      return new Origin(groups(host, V6_NETWORK_GROUPS), groups(host, V6_ADDRESS_GROUPS));
    }
    return new Origin(host.substring(0, Math.max(0, host.lastIndexOf('.'))), host);
  }

  private static String groups(String host, int count) {
    int end = -1;
    for (int i = 0; i < count; i++) {
      int next = host.indexOf(':', end + 1);
      if (next < 0) {
        return host;
      }
      end = next;
    }
    return host.substring(0, end);
  }
}
