package io.kumo.core.security;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.protocol.Limits;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/**
 * The TLS of listeners: 1.2 and 1.3, by OpenSSL when netty-tcnative is there, else by the JDK. When
 * the files change what connects from then on gets the new certificate; connections that are open
 * stay. Thread-safe.
 */
public final class ServerTls {
  static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

  static {
    TlsRules.apply();
  }

  private final Reloaded<Contexts> contexts;

  /** One certificate for both ways of using it. */
  private record Contexts(TlsParts parts, SslContext netty, SSLContext jdk) {}

  private ServerTls(Reloaded<Contexts> contexts) {
    this.contexts = contexts;
  }

  /**
   * Reads the files, and has {@code reloads} keep an eye on them.
   *
   * @param use for log lines and as label of the metric: {@code clients}, {@code cluster}
   * @throws IOException when they cannot be used; the message says which and why
   */
  public static ServerTls open(
      String use, TlsFiles files, ClientCertificates clients, TimeSource time, Reloads reloads)
      throws IOException {
    Reloaded<Contexts> loaded =
        reloads.load(
            "the certificate for " + use, files.all(), () -> contexts(files, clients, time));
    reloads.metrics().certificate(use, () -> loaded.get().parts().secondsLeft(time));
    return new ServerTls(loaded);
  }

  private static Contexts contexts(TlsFiles files, ClientCertificates clients, TimeSource time)
      throws SecurityFileException {
    TlsParts parts = TlsParts.read(files, time);
    SslContext jdk = context(files.certificate(), parts, clients, SslProvider.JDK);
    SslContext netty =
        OpenSsl.isAvailable()
            ? context(files.certificate(), parts, clients, SslProvider.OPENSSL)
            : jdk;
    return new Contexts(parts, netty, ((JdkSslContext) jdk).context());
  }

  private static SslContext context(
      Path named, TlsParts parts, ClientCertificates clients, SslProvider provider)
      throws SecurityFileException {
    try {
      return SslContextBuilder.forServer(parts.key(), parts.chainArray())
          .sslProvider(provider)
          .protocols(VERSIONS)
          .clientAuth(clients.netty)
          .trustManager(parts.authorityArray())
          .build();
    } catch (SSLException e) {
      throw new SecurityFileException(named, String.valueOf(e.getMessage()), e);
    }
  }

  /** The handler of one accepted connection, to be the first of its pipeline. */
  public SslHandler newHandler(ByteBufAllocator allocator) {
    SslHandler handler = contexts.get().netty().newHandler(allocator, TlsThreads.TASKS);
    handler.setHandshakeTimeoutMillis(TimeUnit.NANOSECONDS.toMillis(Limits.HANDSHAKE_NS));
    return handler;
  }

  /** As the JDK's own servers take it and keep it: by the files as they are at each connection. */
  public SSLContext jdkContext() {
    return new ChangingContext(() -> contexts.get().jdk());
  }
}
