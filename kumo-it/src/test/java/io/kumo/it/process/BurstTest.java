package io.kumo.it.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kumo.core.item.RawKey;
import io.kumo.core.protocol.extended.ExtGet;
import io.kumo.core.protocol.original.Get;
import io.kumo.core.protocol.wire.Frames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients at a server's port that ask for much and read nothing. */
class BurstTest {
  private static final int SERVERS = 3;
  private static final int BURSTS_A_SERVER = 10;
  private static final int GETS_A_BURST = 5000;
  private static final int VALUE_BYTES = (1 << 20) - 1024;

  /** Longer than it takes a manager to hold a server for lost. */
  private static final Duration WHILE = Duration.ofSeconds(10);

  /** The test's JVMs have 256 MB of heap and as much outside it. */
  private static final long MAX_RESIDENT_KB = 900 << 10;

  @TempDir Path directory;

  @Test
  void burstsThatNobodyReadsTakeNoServerDown() throws Exception {
    List<Socket> bursts = new ArrayList<>();
    try (ClusterProcesses cluster = ClusterProcesses.up(directory, SERVERS);
        TextClient client = new TextClient(cluster.gatewayPort())) {
      assertThat(client.set("great", "v".repeat(VALUE_BYTES))).isEqualTo("STORED");
      cluster.awaitSettled();
      byte[] requests = requests("great");
      for (int i = 0; i < SERVERS * BURSTS_A_SERVER; i++) {
        bursts.add(send(cluster.server(i % SERVERS), requests));
      }

      int served = serve(client);

      assertThat(served).isGreaterThan(100);
      long readForBursts = -served;
      String status = cluster.kumoctl("status");
      for (int i = 0; i < SERVERS; i++) {
        assertThat(status).contains(cluster.server(i) + "  (active)");
        assertThat(residentKb(cluster.process("server-" + i))).isLessThan(MAX_RESIDENT_KB);
        readForBursts += reads(cluster.server(i));
      }
      assertThat(readForBursts).isBetween(1L, (long) GETS_A_BURST);
      assertThat(cluster.process("manager-0").output()).doesNotContain("server lost");
      for (Socket burst : bursts) {
        burst.close();
      }
      await().untilAsserted(() -> assertThat(client.get("small")).isNotNull());
      assertWorkStops(cluster);
    } finally {
      for (Socket burst : bursts) {
        burst.close();
      }
    }
  }

  /** What those who are gone have asked for is not looked up. */
  private static void assertWorkStops(ClusterProcesses cluster) {
    for (int i = 0; i < SERVERS; i++) {
      String server = cluster.server(i);
      long before = reads(server);
      await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
      assertThat(reads(server) - before).isLessThan(BURSTS_A_SERVER);
    }
  }

  /** Another client goes on; how often it was served. */
  private static int serve(TextClient client) throws IOException {
    int served = 0;
    long untilNs = System.nanoTime() + WHILE.toNanos();
    while (System.nanoTime() - untilNs < 0) {
      assertThat(client.set("small", "value" + served)).isEqualTo("STORED");
      assertThat(client.get("small")).isEqualTo("value" + served);
      served++;
    }
    return served;
  }

  private static long reads(String server) {
    return Long.parseLong(Tool.kumostat(server, "cmd_get").output().strip());
  }

  private static long residentKb(KumoProcess process) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }

  /** Half of them as gateways of the original ask, half as our own. */
  private static byte[] requests(String key) {
    ByteBuf rawKey =
        RawKey.encode(new UnpooledByteBufAllocator(false), Unpooled.copiedBuffer(key, ISO_8859_1));
    ByteBuf out = Unpooled.buffer();
    for (int i = 0; i < GETS_A_BURST; i++) {
      Frames.request(out, i, i % 2 == 0 ? new Get(rawKey) : new ExtGet(rawKey));
    }
    byte[] requests = new byte[out.readableBytes()];
    out.readBytes(requests);
    return requests;
  }

  private static Socket send(String server, byte[] requests) throws IOException {
    int port = Integer.parseInt(server.substring(server.indexOf(':') + 1));
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.getOutputStream().write(requests);
    return socket;
  }
}
