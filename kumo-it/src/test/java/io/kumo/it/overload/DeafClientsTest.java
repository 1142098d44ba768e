package io.kumo.it.overload;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kumo.core.protocol.Limits;
import io.kumo.gateway.client.ClientLimits;
import io.kumo.it.cost.LocalCluster;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that ask for much and read nothing are fetched no more than they take. */
class DeafClientsTest {
  private static final int CLIENTS = 200;
  private static final int GETS = 20;
  private static final int VALUE_BYTES = 1_000_000;
  private static final int REQUESTS = 300;
  private static final int RECEIVE_BUFFER_BYTES = 1 << 14;

  @TempDir Path directory;

  private final List<Socket> deaf = new ArrayList<>();
  private LocalCluster cluster;
  private Socket other;
  private DataInputStream in;

  @BeforeEach
  void start() throws IOException {
    cluster = new LocalCluster(directory);
    other = new Socket();
    other.connect(cluster.clientAddress());
    other.setSoTimeout(60_000);
    other.setTcpNoDelay(true);
    in = new DataInputStream(other.getInputStream());
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket socket : deaf) {
      socket.close();
    }
    other.close();
    cluster.close();
  }

  @Test
  void anotherClientIsServedWhileNothingOfTheirsIsRead() throws IOException {
    expect("set small 0 0 1\r\nx\r\n", "STORED\r\n");
    expect("get small\r\n", "VALUE small 0 1\r\nx\r\nEND\r\n");
    expect("set big 0 0 " + VALUE_BYTES + "\r\n" + "y".repeat(VALUE_BYTES) + "\r\n", "STORED\r\n");
    for (int i = 0; i < CLIENTS; i++) {
      Socket socket = new Socket();
      deaf.add(socket);
      socket.setReceiveBufferSize(RECEIVE_BUFFER_BYTES);
      socket.connect(cluster.clientAddress());
      socket.getOutputStream().write("get big\r\n".repeat(GETS).getBytes(ISO_8859_1));
    }
    for (int i = 0; i < REQUESTS; i++) {
      expect("set small 0 0 1\r\nx\r\n", "STORED\r\n");
      expect("get small\r\n", "VALUE small 0 1\r\nx\r\nEND\r\n");
      assertThat(stat("bytes_asked")).isBetween(0L, (long) Limits.ASKED_BYTES);
      assertThat(stat("bytes_in_flight"))
          .isBetween(0L, ClientLimits.DEFAULT.maxTotalBytesInFlight());
    }
    await().untilAsserted(() -> assertThat(stat("postponed_reads")).isPositive());
    await().untilAsserted(() -> assertThat(stat("bytes_asked")).isZero());
    assertThat(stat("bytes_written"))
        .as("of %d values that were asked for", CLIENTS * GETS)
        .isLessThan(3L * CLIENTS * VALUE_BYTES);
    expect("get big\r\n", "VALUE big 0 1000000\r\n" + "y".repeat(VALUE_BYTES) + "\r\nEND\r\n");
  }

  private void expect(String request, String reply) throws IOException {
    other.getOutputStream().write(request.getBytes(ISO_8859_1));
    byte[] answer = new byte[reply.length()];
    in.readFully(answer);
    assertThat(new String(answer, ISO_8859_1).equals(reply))
        .as(request.lines().findFirst().orElse(""))
        .isTrue();
  }

  private long stat(String name) throws IOException {
    other.getOutputStream().write("stats\r\n".getBytes(ISO_8859_1));
    StringBuilder text = new StringBuilder();
    while (text.indexOf("END\r\n") < 0) {
      text.append((char) in.readByte());
    }
    return text.toString()
        .lines()
        .filter(line -> line.startsWith("STAT " + name + " "))
        .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElseThrow();
  }
}
