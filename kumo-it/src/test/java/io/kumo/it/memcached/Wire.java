package io.kumo.it.memcached;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A socket that sends and receives Latin-1. */
final class Wire implements AutoCloseable {
  private static final int TIMEOUT_MS = 30_000;

  private final Socket socket = new Socket();
  private final DataInputStream in;

  Wire(InetSocketAddress address) throws IOException {
    socket.connect(address, TIMEOUT_MS);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MS);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** Without the end of the line, which must be CR LF. */
  String line() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int b = in.readUnsignedByte(); b != '\n'; b = in.readUnsignedByte()) {
      bytes.write(b);
    }
    String line = bytes.toString(ISO_8859_1);
    if (!line.endsWith("\r")) {
      throw new IOException("a line that ends in LF alone: " + line);
    }
    return line.substring(0, line.length() - 1);
  }

  String text(int length) throws IOException {
    return new String(bytes(length), ISO_8859_1);
  }

  byte[] bytes(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the connection has ended");
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
