package io.kumo.tools.importing.source;

import io.kumo.core.cli.CliException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A connection to a memcached server: lines and bytes. Blocks; not thread-safe. */
final class MemcachedConnection implements Closeable {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int MAX_LINE_BYTES = 1 << 12;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  private MemcachedConnection(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
    this.out = new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES);
  }

  /**
   * @param timeout for connecting and for each answer
   */
  static MemcachedConnection open(InetSocketAddress address, Duration timeout) throws IOException {
    Socket socket = new Socket();
    int timeoutMs = (int) Math.max(1, Math.min(Integer.MAX_VALUE, timeout.toMillis()));
    try {
      socket.connect(address, timeoutMs);
      socket.setSoTimeout(timeoutMs);
      socket.setTcpNoDelay(true);
      return new MemcachedConnection(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Leaves in a buffer what {@link #flush} sends. */
  void send(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  void flush() throws IOException {
    out.flush();
  }

  /** The next line, one character for each byte, without its end. */
  String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the connection was closed");
      }
      if (line.length() == MAX_LINE_BYTES) {
        throw CliException.failed("what answers there is no memcached server");
      }
      line.append((char) c);
    }
    int end = line.length();
    return line.substring(0, end > 0 && line.charAt(end - 1) == '\r' ? end - 1 : end);
  }

  /** A value, and the end of its line. */
  byte[] bytes(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the connection was closed");
    }
    in.skipNBytes(2);
    return bytes;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
