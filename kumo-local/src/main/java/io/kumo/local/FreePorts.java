package io.kumo.local;

import io.kumo.core.ring.NodeAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds ports that nobody listens on. A server's address is its name in the cluster, so it has to
 * be known before the server listens; somebody else may take a port in that moment.
 */
final class FreePorts {
  private FreePorts() {}

  /**
   * Fails now, before anything is made, when nobody could listen on an address that was asked for.
   *
   * @throws IOException which names it
   */
  static void require(InetSocketAddress wanted) throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(wanted);
    } catch (IOException e) {
      throw new IOException(
          "cannot listen on " + NodeAddress.of(wanted) + ": " + e.getMessage(), e);
    }
  }

  /** So many addresses of the loopback interface, all different. */
  static List<NodeAddress> take(int count) throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    try {
      List<NodeAddress> free = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        held.add(socket);
        free.add(
            NodeAddress.of(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort())));
      }
      return free;
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
  }
}
