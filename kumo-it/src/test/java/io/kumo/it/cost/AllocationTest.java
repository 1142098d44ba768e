package io.kumo.it.cost;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.util.ResourceLeakDetector;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.file.Path;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a request leaves to the garbage collector in the gateway, and in all servers together. The
 * tests' JVM optimises less than a daemon's, so the bounds have room; what they find is a
 * regression by a few objects a request.
 */
class AllocationTest {
  private static final int KEYS = 256;
  private static final int WARM_UP_ROUNDS = 60;
  private static final int ROUNDS = 15;

  /** What goes on beside the requests allocates too: they are short, and many. */
  private static final int MEASUREMENTS = 8;

  private static final String VALUE = "v".repeat(100);

  private static final Logger LOG = LoggerFactory.getLogger(AllocationTest.class);
  private static final String STORED = "STORED\r\n";

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir Path directory;

  private LocalCluster cluster;
  private Socket socket;
  private OutputStream out;
  private DataInputStream in;

  /** Leak detection, paranoid in tests, would be most of what is counted. */
  private final ResourceLeakDetector.Level usualLevel = ResourceLeakDetector.getLevel();

  @BeforeEach
  void connect() throws IOException {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    cluster = new LocalCluster(directory);
    socket = new Socket();
    socket.connect(cluster.clientAddress());
    socket.setSoTimeout(30_000);
    socket.setTcpNoDelay(true);
    out = socket.getOutputStream();
    in = new DataInputStream(socket.getInputStream());
    exchange(AllocationTest::set, key -> STORED, 1);
  }

  @AfterEach
  void disconnect() throws IOException {
    socket.close();
    cluster.close();
    ResourceLeakDetector.setLevel(usualLevel);
  }

  /** Bytes allocated per request, by the gateway and by the servers. */
  private record Cost(double gatewayBytes, double serverBytes) {
    Cost orLess(Cost other) {
      return new Cost(
          Math.min(gatewayBytes, other.gatewayBytes), Math.min(serverBytes, other.serverBytes));
    }
  }

  @Test
  void aGetAloneOnItsConnectionLeavesLittleGarbage() throws IOException {
    Cost cost = cost(AllocationTest::get, AllocationTest::hit, 1);
    assertThat(cost.gatewayBytes()).as("gateway").isLessThan(230);
    assertThat(cost.serverBytes()).as("servers").isLessThan(230);
  }

  @Test
  void aPipelinedGetLeavesLittleGarbage() throws IOException {
    Cost cost = cost(AllocationTest::get, AllocationTest::hit, KEYS);
    assertThat(cost.gatewayBytes()).as("gateway").isLessThan(130);
    assertThat(cost.serverBytes()).as("servers").isLessThan(30);
  }

  @Test
  void aSetLeavesBoundedGarbage() throws IOException {
    Cost cost = cost(AllocationTest::set, key -> STORED, KEYS);
    assertThat(cost.gatewayBytes()).as("gateway").isLessThan(200);
    assertThat(cost.serverBytes()).as("servers").isLessThan(2600);
  }

  private static String get(int key) {
    return "get key-" + key + "\r\n";
  }

  private static String hit(int key) {
    return "VALUE key-" + key + " 0 100\r\n" + VALUE + "\r\nEND\r\n";
  }

  private static String set(int key) {
    return "set key-" + key + " 0 0 100\r\n" + VALUE + "\r\n";
  }

  private Cost cost(IntFunction<String> request, IntFunction<String> reply, int inFlight)
      throws IOException {
    for (int i = 0; i < WARM_UP_ROUNDS; i++) {
      exchange(request, reply, inFlight);
    }
    Cost least = new Cost(Double.MAX_VALUE, Double.MAX_VALUE);
    for (int i = 0; i < MEASUREMENTS; i++) {
      least = least.orLess(measure(request, reply, inFlight));
    }
    LOG.info(
        "{} with {} in flight: {}",
        request.apply(0).lines().findFirst().orElse(""),
        inFlight,
        least);
    return least;
  }

  private Cost measure(IntFunction<String> request, IntFunction<String> reply, int inFlight)
      throws IOException {
    long gatewayBefore = allocatedBy("gateway");
    long serversBefore = allocatedBy("server-");
    for (int i = 0; i < ROUNDS; i++) {
      exchange(request, reply, inFlight);
    }
    double requests = ROUNDS * KEYS;
    return new Cost(
        (allocatedBy("gateway") - gatewayBefore) / requests,
        (allocatedBy("server-") - serversBefore) / requests);
  }

  /** A request for every key, so many at a time. */
  private void exchange(IntFunction<String> request, IntFunction<String> reply, int inFlight)
      throws IOException {
    for (int first = 0; first < KEYS; first += inFlight) {
      StringBuilder requests = new StringBuilder();
      StringBuilder replies = new StringBuilder();
      for (int key = first; key < first + inFlight; key++) {
        requests.append(request.apply(key));
        replies.append(reply.apply(key));
      }
      out.write(requests.toString().getBytes(US_ASCII));
      byte[] answer = new byte[replies.length()];
      in.readFully(answer);
      assertThat(new String(answer, US_ASCII)).isEqualTo(replies.toString());
    }
  }

  /** Bytes allocated so far by the threads whose names begin so. */
  private static long allocatedBy(String name) {
    long sum = 0;
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith(name)) {
        sum += THREADS.getThreadAllocatedBytes(thread.getId());
      }
    }
    return sum;
  }
}
