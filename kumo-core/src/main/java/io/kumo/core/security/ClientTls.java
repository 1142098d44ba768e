package io.kumo.core.security;

import io.kumo.core.clock.TimeSource;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * The TLS of those who connect: 1.2 and 1.3, by the JDK. The other end's certificate has to name
 * the host that was connected to, unless anybody is trusted. Thread-safe.
 */
public final class ClientTls {
  static {
    TlsRules.apply();
  }

  private static final String NAMES = "HTTPS";

  private final Supplier<JdkSslContext> context;

  /** How the names in certificates are compared; null: not. */
  private final @Nullable String names;

  private ClientTls(Supplier<JdkSslContext> context, @Nullable String names) {
    this.context = context;
    this.names = names;
  }

  /**
   * With a certificate of one's own. Reads the files, and has {@code reloads} keep an eye on them.
   *
   * @param use for log lines
   * @throws IOException when they cannot be used; the message says which and why
   */
  public static ClientTls open(String use, TlsFiles files, TimeSource time, Reloads reloads)
      throws IOException {
    return new ClientTls(
        reloads.load("the certificate to " + use, files.all(), () -> context(files, time))::get,
        NAMES);
  }

  /**
   * With a certificate of one's own, for programs that do not last: the files are read once.
   *
   * @throws IOException when they cannot be used; the message says which and why
   */
  public static ClientTls once(TlsFiles files, TimeSource time) throws IOException {
    JdkSslContext context = context(files, time);
    return new ClientTls(() -> context, NAMES);
  }

  /**
   * Without a certificate of one's own; the file is read once.
   *
   * @param authority whom the other end has to be certified by; null: those that the JDK trusts
   * @throws IOException when it cannot be used; the message says why
   */
  public static ClientTls withoutCertificate(@Nullable Path authority) throws IOException {
    X509Certificate[] trusted =
        authority == null ? null : Pem.certificates(authority).toArray(X509Certificate[]::new);
    JdkSslContext context = build(builder(NAMES).trustManager(trusted));
    return new ClientTls(() -> context, NAMES);
  }

  /**
   * Trusts whoever answers, whatever its certificate says, and shows none: it keeps out who
   * listens, not who steps between. For measuring.
   */
  public static ClientTls trustingAnybody() throws SSLException {
    JdkSslContext context = build(builder(null).trustManager(InsecureTrustManagerFactory.INSTANCE));
    return new ClientTls(() -> context, null);
  }

  private static JdkSslContext context(TlsFiles files, TimeSource time)
      throws SecurityFileException {
    TlsParts parts = TlsParts.read(files, time);
    try {
      return build(
          builder(NAMES)
              .keyManager(parts.key(), parts.chainArray())
              .trustManager(parts.authorityArray()));
    } catch (SSLException e) {
      throw new SecurityFileException(files.certificate(), String.valueOf(e.getMessage()), e);
    }
  }

  private static SslContextBuilder builder(@Nullable String names) {
    return SslContextBuilder.forClient()
        .sslProvider(SslProvider.JDK)
        .protocols(ServerTls.VERSIONS)
        .endpointIdentificationAlgorithm(names);
  }

  private static JdkSslContext build(SslContextBuilder builder) throws SSLException {
    return (JdkSslContext) builder.build();
  }

  /** The handler of one outgoing connection, to be the first of its pipeline. */
  public SslHandler newHandler(ByteBufAllocator allocator, String host, int port) {
    return context.get().newHandler(allocator, host, port, TlsThreads.TASKS);
  }

  /** The engine of one outgoing connection, for programs that move the bytes themselves. */
  public SSLEngine newEngine(String host, int port) {
    return context.get().newEngine(ByteBufAllocator.DEFAULT, host, port);
  }

  /**
   * Shakes hands on a connected socket, for programs without an event loop. Blocks.
   *
   * @param connected taken: it is closed with what is returned, and when that fails
   */
  public SSLSocket over(Socket connected, String host, int port) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            context.get().context().getSocketFactory().createSocket(connected, host, port, true);
    try {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setProtocols(ServerTls.VERSIONS);
      parameters.setEndpointIdentificationAlgorithm(names);
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }
}
