package io.kumo.core.ring;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * The IPv4 address and port by which a node is known in the cluster.
 *
 * <p>Six bytes on the wire: the port big endian, then the address. The order is that of those
 * bytes, hence by port first, as kumofs 0.4.13 elects its managers.
 */
public final class NodeAddress implements Comparable<NodeAddress> {
  /** Length on the wire. */
  public static final int BYTES = 6;

  /** The six wire bytes as a number, so that their order is the numeric one. */
  private final long bits;

  private NodeAddress(long bits) {
    this.bits = bits;
  }

  public static NodeAddress of(byte[] ipv4, int port) {
    if (ipv4.length != 4) {
      throw new IllegalArgumentException("not an IPv4 address: " + ipv4.length + " bytes");
    }
    if (port < 0 || port > 0xffff) {
      throw new IllegalArgumentException("not a port: " + port);
    }
    long bits = port;
    for (byte b : ipv4) {
      bits = (bits << 8) | (b & 0xff);
    }
    return new NodeAddress(bits);
  }

  /**
   * From a resolved IPv4 address.
   *
   * @throws IllegalArgumentException if the address is unresolved or not IPv4
   */
  public static NodeAddress of(InetSocketAddress address) {
    InetAddress resolved = address.getAddress();
    if (resolved == null) {
      throw new IllegalArgumentException("unresolved host name: " + address.getHostString());
    }
    return of(resolved.getAddress(), address.getPort());
  }

  /** From the six wire bytes. */
  public static NodeAddress fromBytes(byte[] six) {
    if (six.length != BYTES) {
      throw new IllegalArgumentException("not a node address: " + six.length + " bytes");
    }
    long bits = 0;
    for (byte b : six) {
      bits = (bits << 8) | (b & 0xff);
    }
    return new NodeAddress(bits);
  }

  /** From the wire bytes as a number: port in bits 32 to 47, IPv4 address in bits 0 to 31. */
  public static NodeAddress fromBits(int port, int ipv4) {
    return new NodeAddress(((long) (port & 0xffff) << 32) | Integer.toUnsignedLong(ipv4));
  }

  public byte[] toBytes() {
    byte[] bytes = new byte[BYTES];
    for (int i = 0; i < BYTES; i++) {
      bytes[i] = (byte) (bits >>> (8 * (BYTES - 1 - i)));
    }
    return bytes;
  }

  /** The address without the port, big endian. */
  public int ipv4() {
    return (int) bits;
  }

  public int port() {
    return (int) (bits >>> 32);
  }

  /** The address in dotted form. */
  public String host() {
    int ip = ipv4();
    return (ip >>> 24) + "." + ((ip >>> 16) & 0xff) + "." + ((ip >>> 8) & 0xff) + "." + (ip & 0xff);
  }

  public InetSocketAddress toSocketAddress() {
    int ip = ipv4();
    byte[] quad = {(byte) (ip >>> 24), (byte) (ip >>> 16), (byte) (ip >>> 8), (byte) ip};
    try {
      return new InetSocketAddress(InetAddress.getByAddress(quad), port());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are always an address", e);
    }
  }

  @Override
  public int compareTo(NodeAddress other) {
    return Long.compare(bits, other.bits);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NodeAddress address && address.bits == bits;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(bits);
  }

  @Override
  public String toString() {
    return host() + ":" + port();
  }
}
