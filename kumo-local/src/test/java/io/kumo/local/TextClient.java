package io.kumo.local;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Speaks memcached's text protocol. */
public final class TextClient implements AutoCloseable {
  private static final int PATIENCE_MS = 60_000;

  private final Socket socket;
  private final BufferedReader in;

  public TextClient(InetSocketAddress address) throws IOException {
    socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(PATIENCE_MS);
    in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
  }

  /** Sends lines; returns the first one of the answer. */
  public String ask(String lines) throws IOException {
    socket.getOutputStream().write((lines + "\r\n").getBytes(ISO_8859_1));
    return String.valueOf(in.readLine());
  }

  /** The value of a key, or END. */
  public String get(String key) throws IOException {
    String first = ask("get " + key);
    if (!first.startsWith("VALUE")) {
      return first;
    }
    String value = in.readLine();
    in.readLine();
    return value;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
