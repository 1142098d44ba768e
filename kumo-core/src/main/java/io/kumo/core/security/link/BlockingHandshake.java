package io.kumo.core.security.link;

import io.kumo.core.protocol.Limits;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.security.ClientTls;
import io.kumo.core.transport.LinkProof;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/** The handshake of programs without an event loop. */
public final class BlockingHandshake {
  private BlockingHandshake() {}

  /**
   * Proves to a node that this process belongs to its cluster, and has it prove the same.
   *
   * @param connected taken: closed when that fails, and with what is returned
   * @return what to speak with it over
   * @throws IOException when either end does not; the message says which and why
   */
  public static Socket over(ClusterSecurity security, Socket connected) throws IOException {
    InetSocketAddress address = (InetSocketAddress) connected.getRemoteSocketAddress();
    if (security.isOpen() || security.originals().isAt(NodeAddress.of(address))) {
      return connected;
    }
    Socket socket = connected;
    try {
      LinkProof below = LinkProof.OPEN;
      LinkTls tls = security.tls();
      if (tls != null) {
        SSLSocket encrypted = encrypted(tls.client(), connected, address);
        below = CertifiedPeer.proof(encrypted.getSession().getPeerCertificates());
        socket = encrypted;
      }
      shake(security.connect(below), socket);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static SSLSocket encrypted(ClientTls tls, Socket connected, InetSocketAddress address)
      throws IOException {
    try {
      return tls.over(connected, address.getAddress().getHostAddress(), address.getPort());
    } catch (SSLException e) {
      throw new IOException("TLS: " + e.getMessage(), e);
    }
  }

  private static void shake(ClientHandshake handshake, Socket socket) throws IOException {
    ByteBuf in = Unpooled.buffer();
    ByteBuf out = Unpooled.buffer();
    handshake.begin(out);
    Handshake.Step step = Handshake.Step.MORE;
    while (step == Handshake.Step.MORE) {
      out.readBytes(socket.getOutputStream(), out.readableBytes());
      readByte(socket.getInputStream(), in);
      step = handshake.receive(in, out);
    }
    if (step == Handshake.Step.REFUSED) {
      throw new IOException(handshake.why());
    }
  }

  /** A byte at a time, so that nothing is taken of what comes behind. */
  private static void readByte(InputStream stream, ByteBuf in) throws IOException {
    int next;
    try {
      next = stream.read();
    } catch (SocketException | SSLException e) {
      throw new IOException(CLOSED + " (" + e.getMessage() + ")", e);
    }
    if (next < 0) {
      throw new EOFException(CLOSED);
    }
    if (in.readableBytes() > Limits.MAX_HANDSHAKE_BYTES) {
      throw new IOException("what answers there does not shake hands");
    }
    in.writeByte(next);
  }

  private static final String CLOSED =
      "it closed the connection in the handshake: it refuses this certificate, or has neither"
          + " --secret-file nor --cluster-cert";
}
