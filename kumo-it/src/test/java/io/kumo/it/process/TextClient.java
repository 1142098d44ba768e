package io.kumo.it.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The memcached text protocol by hand: what goes out is exactly what the test says. */
public final class TextClient implements AutoCloseable {
  private final Socket socket;
  private final BufferedReader in;

  public TextClient(int port) throws IOException {
    this(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  public TextClient(InetSocketAddress gateway) throws IOException {
    socket = new Socket(gateway.getAddress(), gateway.getPort());
    socket.setSoTimeout(30_000);
    socket.setTcpNoDelay(true);
    in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
  }

  /** Sends the bytes and reads one line of the answer. */
  public String line(String request) throws IOException {
    socket.getOutputStream().write(request.getBytes(ISO_8859_1));
    String line = in.readLine();
    if (line == null) {
      throw new EOFException("closed after " + request);
    }
    return line;
  }

  public String set(String key, String value) throws IOException {
    return line("set " + key + " 0 0 " + value.length() + "\r\n" + value + "\r\n");
  }

  public String delete(String key) throws IOException {
    return line("delete " + key + "\r\n");
  }

  /** The value, null for a miss. */
  public @Nullable String get(String key) throws IOException {
    List<String> lines = lines("get " + key + "\r\n");
    return lines.isEmpty() ? null : lines.get(1);
  }

  /** The CAS unique of a present key. */
  public String casUnique(String key) throws IOException {
    return lines("gets " + key + "\r\n").get(0).split(" ", -1)[4];
  }

  public String cas(String key, String value, String unique) throws IOException {
    return line("cas " + key + " 0 0 " + value.length() + " " + unique + "\r\n" + value + "\r\n");
  }

  /** Sends many requests at once, and reads a line for each. */
  public List<String> pipeline(List<String> requests) throws IOException {
    List<String> answers = new ArrayList<>();
    answers.add(line(String.join("", requests)));
    while (answers.size() < requests.size()) {
      answers.add(in.readLine());
    }
    return answers;
  }

  /** Sends a get and reads the lines before END. */
  public List<String> lines(String request) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = line(request); !line.equals("END"); line = in.readLine()) {
      if (line == null || line.startsWith("SERVER_ERROR")) {
        throw new IOException("answered " + line);
      }
      lines.add(line);
    }
    return lines;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
