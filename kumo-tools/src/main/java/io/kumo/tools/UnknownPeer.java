package io.kumo.tools;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Finds out who answers at an address where nobody speaks as a manager or a server does. */
final class UnknownPeer {
  private static final int PATIENCE_MS = 1000;
  private static final int ANSWER_BYTES = 4;

  private UnknownPeer() {}

  /** What is known of it, as the end of a sentence; nothing when it does not say. */
  static String describe(InetSocketAddress address) {
    try (Socket socket = new Socket()) {
      socket.connect(address, PATIENCE_MS);
      socket.setSoTimeout(PATIENCE_MS);
      socket.getOutputStream().write("version\r\n".getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readNBytes(ANSWER_BYTES);
      return describe(new String(answer, StandardCharsets.US_ASCII));
    } catch (IOException e) {
      return "";
    }
  }

  private static String describe(String answer) {
    if (answer.startsWith("VERS")) {
      return "; what answers there speaks memcached, as a gateway does";
    }
    return answer.startsWith("HTTP") ? "; what answers there speaks HTTP" : "";
  }
}
