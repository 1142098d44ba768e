package io.kumo.core.ring;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The address and port by which a node is known in the cluster.
 *
 * <p>On the wire the port big endian, then the address: six bytes with IPv4, and with IPv6, which
 * kumofs 0.4.13 provides for and was never compiled with, 22: behind the 16 bytes of the address
 * its scope, four bytes, little endian. The order is that of those bytes, hence by port first, as
 * kumofs elects its managers.
 */
public final class NodeAddress implements Comparable<NodeAddress> {
  /** Length on the wire with IPv4. */
  public static final int BYTES = 6;

  /** Length on the wire with IPv6. */
  public static final int WIDE_BYTES = 22;

  private static final byte[] NOTHING = {};
  private static final int WIDE_HOST_BYTES = 16;

  /** The first six wire bytes as a number, so that their order is the numeric one. */
  private final long bits;

  /** The other wire bytes; none with IPv4. */
  private final byte[] rest;

  private NodeAddress(long bits, byte[] rest) {
    this.bits = bits;
    this.rest = rest;
  }

  /** From the bytes of an IPv4 or IPv6 address. */
  public static NodeAddress of(byte[] host, int port) {
    if (host.length != 4 && host.length != WIDE_HOST_BYTES) {
      throw new IllegalArgumentException("not an address: " + host.length + " bytes");
    }
    return of(host, port, 0);
  }

  private static NodeAddress of(byte[] host, int port, int scope) {
    if (port < 0 || port > 0xffff) {
      throw new IllegalArgumentException("not a port: " + port);
    }
    boolean wide = host.length == WIDE_HOST_BYTES;
    ByteBuffer bytes = ByteBuffer.allocate(wide ? WIDE_BYTES : BYTES);
    bytes.putShort((short) port).put(host);
    if (wide) {
      bytes.order(ByteOrder.LITTLE_ENDIAN).putInt(scope);
    }
    return fromBytes(bytes.array());
  }

  /**
   * From a resolved address.
   *
   * @throws IllegalArgumentException if it is unresolved
   */
  public static NodeAddress of(InetSocketAddress address) {
    InetAddress resolved = address.getAddress();
    if (resolved == null) {
      throw new IllegalArgumentException("unresolved host name: " + address.getHostString());
    }
    int scope = resolved instanceof Inet6Address wide ? wide.getScopeId() : 0;
    return of(resolved.getAddress(), address.getPort(), scope);
  }

  /** Whether an address on the wire may have this length. */
  public static boolean isLength(int bytes) {
    return bytes == BYTES || bytes == WIDE_BYTES;
  }

  /** From the wire bytes, 6 or 22. */
  public static NodeAddress fromBytes(byte[] bytes) {
    if (!isLength(bytes.length)) {
      throw new IllegalArgumentException("not a node address: " + bytes.length + " bytes");
    }
    long bits = 0;
    for (int i = 0; i < BYTES; i++) {
      bits = (bits << 8) | (bytes[i] & 0xff);
    }
    boolean wide = bytes.length == WIDE_BYTES;
    return new NodeAddress(bits, wide ? Arrays.copyOfRange(bytes, BYTES, WIDE_BYTES) : NOTHING);
  }

  /** From the wire bytes as a number: port in bits 32 to 47, IPv4 address in bits 0 to 31. */
  public static NodeAddress fromBits(int port, int ipv4) {
    long bits = ((long) (port & 0xffff) << 32) | Integer.toUnsignedLong(ipv4);
    return new NodeAddress(bits, NOTHING);
  }

  /** The wire bytes. */
  public byte[] toBytes() {
    byte[] bytes = new byte[length()];
    for (int i = 0; i < BYTES; i++) {
      bytes[i] = (byte) (bits >>> (8 * (BYTES - 1 - i)));
    }
    System.arraycopy(rest, 0, bytes, BYTES, rest.length);
    return bytes;
  }

  /** Of the wire bytes. */
  public int length() {
    return BYTES + rest.length;
  }

  /** Whether it is an IPv6 address. */
  public boolean isWide() {
    return rest.length > 0;
  }

  /** The address without the port, big endian; of an IPv6 address its first four bytes. */
  public int ipv4() {
    return (int) bits;
  }

  public int port() {
    return (int) (bits >>> 32);
  }

  /** Whether both are on one host. */
  public boolean sameHost(NodeAddress other) {
    return ipv4() == other.ipv4() && Arrays.equals(rest, other.rest);
  }

  /** Whether it stands for every address of a machine. */
  public boolean isWildcard() {
    return ipv4() == 0 && Arrays.equals(rest, new byte[rest.length]);
  }

  /** The address as the JDK writes it: dotted, or eight groups with colons. */
  public String host() {
    if (isWide()) {
      return toSocketAddress().getAddress().getHostAddress();
    }
    int ip = ipv4();
    return (ip >>> 24) + "." + ((ip >>> 16) & 0xff) + "." + ((ip >>> 8) & 0xff) + "." + (ip & 0xff);
  }

  public InetSocketAddress toSocketAddress() {
    byte[] bytes = toBytes();
    try {
      InetAddress address =
          isWide()
              ? wide(bytes)
              : InetAddress.getByAddress(Arrays.copyOfRange(bytes, Short.BYTES, BYTES));
      return new InetSocketAddress(address, port());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 or 16 bytes are always an address", e);
    }
  }

  private static InetAddress wide(byte[] bytes) throws UnknownHostException {
    int end = Short.BYTES + WIDE_HOST_BYTES;
    byte[] host = Arrays.copyOfRange(bytes, Short.BYTES, end);
    int scope = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(end);
    return scope == 0
        ? InetAddress.getByAddress(host)
        : Inet6Address.getByAddress(null, host, scope);
  }

  @Override
  public int compareTo(NodeAddress other) {
    int first = Long.compare(bits, other.bits);
    return first != 0 ? first : Arrays.compareUnsigned(rest, other.rest);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NodeAddress address
        && address.bits == bits
        && Arrays.equals(address.rest, rest);
  }

  @Override
  public int hashCode() {
    return isWide() ? 31 * Long.hashCode(bits) + Arrays.hashCode(rest) : Long.hashCode(bits);
  }

  @Override
  public String toString() {
    return (isWide() ? "[" + host() + "]" : host()) + ":" + port();
  }
}
