package io.kumo.it.golden;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.admin.GetStatus;
import io.kumo.core.protocol.admin.StatusField;
import io.kumo.core.protocol.status.GetNodeStatus;
import io.kumo.core.protocol.wire.Frames;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.core.security.ClusterSecrets;
import io.kumo.core.security.Secret;
import io.kumo.core.security.link.AllowedOriginals;
import io.kumo.core.security.link.ClusterSecurity;
import io.kumo.core.security.link.LinkRole;
import io.kumo.server.ServerConfig;
import io.kumo.server.ServerNode;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import io.kumo.testkit.store.MemoryStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Where nodes prove themselves, one of kumofs that is let in without is what it may be: at the
 * address that was allowed, connected from there, and one of kumofs. What is sent are recorded
 * bytes of kumofs 0.4.13: a manager at 127.0.0.1:29700 introduces itself to a server.
 */
class OriginalsPlaceTest {
  private static final NodeAddress MANAGER = Replay.address("manager:29700");
  private static final NodeAddress SERVER = Replay.address("server:29801");
  private static final NodeAddress ITS_HOST = at("127.0.0.1", 0);
  private static final NodeAddress FROM_THERE = at("127.0.0.1", 9);
  private static final NodeAddress OTHER_HOST = at("127.0.0.2", 0);

  private final MemoryNetwork network = new MemoryNetwork();

  private static NodeAddress at(String host, int port) {
    return NodeAddress.of(new InetSocketAddress(host, port));
  }

  /** Starts the server that lets these in. */
  private void allow(NodeAddress... originals) throws IOException {
    MemoryHost host = network.start(SERVER);
    Secret secret = new Secret("sixteen bytes or more".getBytes(US_ASCII));
    ClusterSecrets secrets = new ClusterSecrets(List.of(secret));
    ClusterSecurity security =
        new ClusterSecurity(
            LinkRole.SERVER,
            () -> secrets,
            null,
            AllowedOriginals.of(List.of(originals)),
            host.time());
    new ServerNode(
            security.over(host),
            new MemoryStore(),
            ServerConfig.of(SERVER, at("127.0.0.1", 29901), List.of(MANAGER)),
            RpcOptions.DEFAULT,
            new Random(1))
        .start();
  }

  /** What is at the other end of a connection from this host that has sent this. */
  private Line after(NodeAddress from, String hex) {
    MemoryHost host = network.start(from);
    Line line = new Line(host, null, Role.SERVER);
    host.connect(SERVER, Duration.ofSeconds(1).toNanos(), line);
    line.send(hex);
    network.events().runFor(Duration.ofSeconds(1).toNanos());
    return line;
  }

  private static String recorded() throws IOException {
    String address = HexFormat.of().formatHex(MANAGER.toBytes());
    return Recorded.scenario("A").stream()
        .filter(message -> message.type().equals("cluster_init"))
        .filter(message -> message.json().path("address").asText().equals(address))
        .findFirst()
        .orElseThrow()
        .hex();
  }

  private static String request(Message message) {
    ByteBuf out = Unpooled.buffer();
    Frames.request(out, 1, message);
    return ByteBufUtil.hexDump(out);
  }

  @Test
  void itIsLetInWhereItIs() throws Exception {
    allow(MANAGER);
    assertThat(after(FROM_THERE, recorded()).isClosed()).isFalse();
  }

  @Test
  void itIsLetInAtAnyPortOfAHost() throws Exception {
    allow(ITS_HOST);
    assertThat(after(FROM_THERE, recorded()).isClosed()).isFalse();
  }

  @Test
  void itDoesNotSpeakForAnotherHost() throws Exception {
    allow(ITS_HOST, OTHER_HOST);
    assertThat(after(at("127.0.0.2", 9), recorded()).isClosed()).isTrue();
  }

  @Test
  void itDoesNotSpeakForAnotherPort() throws Exception {
    allow(at("127.0.0.1", 29701));
    assertThat(after(FROM_THERE, recorded()).isClosed()).isTrue();
  }

  @Test
  void aNodeOfKumoHasToProveItself() throws Exception {
    allow(ITS_HOST);
    ByteBuf init = Unpooled.buffer();
    Frames.clusterInit(init, MANAGER, Role.MANAGER, Capabilities.OURS, 7);
    assertThat(after(FROM_THERE, ByteBufUtil.hexDump(init)).isClosed()).isTrue();
  }

  @Test
  void whatOriginalsDoNotSayIsUnknown() throws Exception {
    allow(ITS_HOST);
    Line known = after(FROM_THERE, request(new GetStatus(StatusField.PID.id())));
    assertThat(known.takeAnswer(1)).isNotNull().extracting(Line.Answer::error).isEqualTo("c0");
    Line unknown = after(at("127.0.0.1", 10), request(new GetNodeStatus()));
    assertThat(unknown.takeAnswer(1)).isNotNull().extracting(Line.Answer::error).isNotEqualTo("c0");
    assertThat(unknown.isClosed()).isFalse();
  }
}
