package io.kumo.core.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the kumohash program of kumofs 0.4.13 printed; see golden/hash. */
class GoldenRingTest {
  @Test
  void hashesAllKeys() {
    List<String> printed = new ArrayList<>();
    for (String key : lines("keys")) {
      printed.add(hex(hash(key)) + "  " + key);
    }
    assertThat(printed).isEqualTo(lines("hash-200")).hasSize(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1", "2", "3-lan", "3-loopback", "4-lan", "4-loopback", "10-lan", "10-loopback"})
  void assignsKeysAndDumpsTheRing(String servers) {
    HashSpace space = hashSpace(servers);
    List<String> assigned = new ArrayList<>();
    for (String key : lines("keys")) {
      assigned.add(hex(hash(key)) + "  " + key);
      List<Node> replicas = space.replicas(hash(key));
      for (int i = 0; i < replicas.size(); i++) {
        assigned.add("  " + i + ": " + replicas.get(i).address());
      }
    }
    assertThat(assigned).isEqualTo(lines("assign-" + servers));
    assertThat(space.dump().stream().map(v -> hex(v.hash()) + "  " + v.node().address()).toList())
        .isEqualTo(lines("dump-" + servers));
  }

  private static HashSpace hashSpace(String servers) {
    List<Node> nodes = new ArrayList<>();
    for (String line : lines("servers-" + servers)) {
      String[] hostAndPort = line.split(":", -1);
      nodes.add(new Node(address(hostAndPort[0], Integer.parseInt(hostAndPort[1])), true));
    }
    return HashSpace.of(nodes, 0);
  }

  private static NodeAddress address(String host, int port) {
    return NodeAddress.of(new java.net.InetSocketAddress(host, port));
  }

  private static long hash(String key) {
    return KeyHash.of(key.getBytes(StandardCharsets.UTF_8));
  }

  private static String hex(long hash) {
    return String.format("%016x", hash);
  }

  private static List<String> lines(String name) {
    String resource = "/golden/hash/" + name + ".txt";
    try (InputStream in = GoldenRingTest.class.getResourceAsStream(resource)) {
      assertThat(in).as(resource).isNotNull();
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return List.of(text.split("\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
