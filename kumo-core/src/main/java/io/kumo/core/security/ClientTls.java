package io.kumo.core.security;

import io.kumo.core.clock.TimeSource;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * The TLS of those who connect, with a certificate of their own: 1.2 and 1.3, by the JDK. The other
 * end's certificate has to name the host that was connected to. Thread-safe.
 */
public final class ClientTls {
  private static final String NAMES = "HTTPS";

  private final Reloaded<JdkSslContext> context;

  private ClientTls(Reloaded<JdkSslContext> context) {
    this.context = context;
  }

  /**
   * Reads the files, and has {@code reloads} keep an eye on them.
   *
   * @param use for log lines
   * @throws IOException when they cannot be used; the message says which and why
   */
  public static ClientTls open(String use, TlsFiles files, TimeSource time, Reloads reloads)
      throws IOException {
    return new ClientTls(
        reloads.load("the certificate to " + use, files.all(), () -> context(files, time)));
  }

  private static JdkSslContext context(TlsFiles files, TimeSource time)
      throws SecurityFileException {
    TlsParts parts = TlsParts.read(files, time);
    try {
      return (JdkSslContext)
          SslContextBuilder.forClient()
              .keyManager(parts.key(), parts.chainArray())
              .trustManager(parts.authorityArray())
              .sslProvider(SslProvider.JDK)
              .protocols(ServerTls.VERSIONS)
              .endpointIdentificationAlgorithm(NAMES)
              .build();
    } catch (SSLException e) {
      throw new SecurityFileException(files.certificate(), String.valueOf(e.getMessage()), e);
    }
  }

  /** The handler of one outgoing connection, to be the first of its pipeline. */
  public SslHandler newHandler(ByteBufAllocator allocator, String host, int port) {
    return context.get().newHandler(allocator, host, port, TlsThreads.TASKS);
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
      parameters.setEndpointIdentificationAlgorithm(NAMES);
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }
}
