package io.kumo.tools.bench.wire;

import io.kumo.core.cli.AddressConverter;
import io.kumo.core.security.ClientTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A server under load, typed as {@code [NAME=][tls://]HOST[:PORT]}.
 *
 * @param tls what is spoken with it; null: plain
 */
public record BenchTarget(String name, InetSocketAddress address, @Nullable ClientTls tls) {
  private static final int DEFAULT_PORT = 11211;
  private static final String TLS = "tls://";

  private static final int HANDSHAKE_READ_MS = 10_000;

  public static BenchTarget parse(String text, @Nullable ClientTls clientTls) {
    int equals = text.indexOf('=');
    String url = text.substring(equals + 1);
    boolean encrypted = url.startsWith(TLS);
    String address = encrypted ? url.substring(TLS.length()) : url;
    return new BenchTarget(
        equals > 0 ? text.substring(0, equals) : url,
        AddressConverter.parseArgument(address, DEFAULT_PORT),
        encrypted ? clientTls : null);
  }

  /** Whether the text asks for TLS. */
  public static boolean isTls(String text) {
    return text.startsWith(TLS, text.indexOf('=') + 1);
  }

  /** Shakes hands if need be, blocking; the channel is connected and blocking, and borrowed. */
  public Wire wire(SocketChannel channel) throws IOException {
    return tls == null
        ? new PlainWire(channel)
        : TlsWire.open(
            channel, tls.newEngine(address.getHostString(), address.getPort()), HANDSHAKE_READ_MS);
  }
}
