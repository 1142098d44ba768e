package io.kumo.gateway.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;

/** A socket and nothing else: what is sent and received are bytes, shown as Latin-1. */
public final class RawClient implements AutoCloseable {
  private static final int TIMEOUT_MS = 10_000;

  private final Socket socket;
  private final DataInputStream in;
  private volatile @Nullable IOException unsent;

  public RawClient(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /** Takes a socket that is connected. */
  public RawClient(Socket connected) throws IOException {
    socket = connected;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MS);
    in = new DataInputStream(socket.getInputStream());
  }

  public void send(String text) throws IOException {
    send(text.getBytes(ISO_8859_1));
  }

  public void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** Sends from a thread of its own: the gateway may leave it waiting, or close. */
  public void sendUnread(String text) {
    Thread sender =
        new Thread(
            () -> {
              try {
                send(text);
              } catch (IOException e) {
                // The gateway has closed, or the test has: what was sent by then is what counts.
                unsent = e;
              }
            });
    sender.setDaemon(true);
    sender.start();
  }

  /** Reads exactly as many bytes as {@code expected} has; shorter when the connection ends. */
  public String receive(int length) throws IOException {
    return new String(in.readNBytes(length), ISO_8859_1);
  }

  public byte[] receiveBytes(int length) throws IOException {
    return in.readNBytes(length);
  }

  /** Reads up to and with the next line feed. */
  public String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int b;
    do {
      b = in.read();
      if (b >= 0) {
        line.write(b);
      }
    } while (b >= 0 && b != '\n');
    return line.toString(ISO_8859_1);
  }

  /** The same; empty when the connection ends, be it with a reset. */
  public String lineOrEnd() throws IOException {
    try {
      return line();
    } catch (SocketException e) {
      return "";
    }
  }

  /** Sends a request and a marker behind it; returns what was answered before the marker. */
  public String ask(String request) throws IOException {
    send(request + "mn\r\n");
    StringBuilder answer = new StringBuilder();
    for (String line = line(); !line.equals("MN\r\n"); line = line()) {
      answer.append(line);
      if (line.isEmpty()) {
        return answer.append("<closed>").toString();
      }
    }
    return answer.toString();
  }

  /** Tells the gateway that nothing more will be sent. */
  public void endInput() throws IOException {
    socket.shutdownOutput();
  }

  /** Everything up to the end of the connection. */
  public String rest() throws IOException {
    return new String(in.readAllBytes(), ISO_8859_1);
  }

  /** The same, and as much of it as there is when the connection is reset. */
  public String restOrReset() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      for (int b = in.read(); b >= 0; b = in.read()) {
        all.write(b);
      }
    } catch (SocketException e) {
      all.writeBytes("<reset>".getBytes(ISO_8859_1));
    }
    return all.toString(ISO_8859_1);
  }

  /** Why what was to be sent could not be; null when it was. */
  public @Nullable IOException unsent() {
    return unsent;
  }

  /** Whether the gateway has closed this connection and sent nothing before. */
  public boolean isClosedByPeer() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
