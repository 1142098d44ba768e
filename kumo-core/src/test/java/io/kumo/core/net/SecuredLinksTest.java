package io.kumo.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.protocol.Limits;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.security.link.AllowedOriginals;
import io.kumo.core.security.link.ClusterSecurity;
import io.kumo.core.security.link.LinkRole;
import io.kumo.core.security.link.TestSecurity;
import io.kumo.core.testing.TestCertificates;
import io.kumo.core.transport.Link;
import io.kumo.core.transport.LinkListener;
import io.kumo.core.transport.Transport;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is let in over real sockets, and what those who are not can keep. */
class SecuredLinksTest {
  private static final NodeAddress LOOPBACK = NodeAddress.of(new byte[] {127, 0, 0, 1}, 0);
  private static final String WORDS = "sixteen bytes or more";

  @TempDir Path directory;

  private final EventLoops loops = new EventLoops("test", 1, IoKind.NIO);

  @AfterEach
  void stop() {
    loops.close();
  }

  /** Writes down what it hears. */
  private static final class Ear implements LinkListener {
    private final List<String> heard = new CopyOnWriteArrayList<>();

    @Override
    public void opened(Link link) {
      heard.add("opened " + link.proof() + (link.proof().node() ? " node" : ""));
      link.out().writeByte(1);
    }

    @Override
    public void connectFailed(Throwable cause) {
      heard.add("failed: " + cause.getMessage());
    }

    @Override
    public void received(ByteBuf in) {
      heard.add("received " + in.readableBytes());
      in.skipBytes(in.readableBytes());
    }

    @Override
    public void closed(@Nullable Throwable cause) {
      heard.add("closed");
    }
  }

  @Test
  void aSecretOpensALink() throws Exception {
    Ear server = new Ear();
    Ear client = meet(server, secret(WORDS), secret(WORDS));
    assertThat(client.heard).startsWith("opened secret node", "received 1");
    assertThat(server.heard).startsWith("opened secret node", "received 1");
  }

  @Test
  void aWrongSecretOpensNone() throws Exception {
    Ear server = new Ear();
    Ear client = meet(server, secret(WORDS), secret("sixteen other bytes"));
    assertThat(client.heard).hasSize(1).first().asString().contains("secret is not this cluster's");
    assertThat(server.heard).isEmpty();
  }

  @Test
  void certificatesOpenALinkAndSayWhoIsNoNode() throws Exception {
    Ear server = new Ear();
    Ear client = meet(server, tls("node"), tls("client"));
    assertThat(client.heard).startsWith("opened tls node", "received 1");
    Ear refused = new Ear();
    Ear pretender = meet(refused, tls("node"), pretender());
    assertThat(pretender.heard).first().asString().contains("its certificate is a client's");
    assertThat(server.heard).startsWith("opened tls", "received 1");
    assertThat(refused.heard).isEmpty();
  }

  @Test
  void certificatesOfOthersOpenNone() throws Exception {
    Ear server = new Ear();
    assertThat(meet(server, tls("node"), tls("stranger")).heard)
        .allMatch(heard -> heard.startsWith("failed: "));
    assertThat(meet(server, tls("stranger"), tls("node")).heard)
        .allMatch(heard -> heard.startsWith("failed: "));
    assertThat(meet(server, tls("elsewhere"), tls("node")).heard)
        .allMatch(heard -> heard.startsWith("failed: "));
    assertThat(meet(server, secret(WORDS), tls("node")).heard)
        .allMatch(heard -> heard.startsWith("failed: "));
    assertThat(meet(server, tls("node"), secret(WORDS)).heard)
        .allMatch(heard -> heard.startsWith("failed: "));
    assertThat(server.heard).isEmpty();
  }

  @Test
  void whoSpeaksAsAnOriginalIsLetInFromWhereItMayBe() throws Exception {
    Ear stranger = new Ear();
    try (Socket socket = speak(listen(stranger, secret(WORDS)), 0x93)) {
      assertThat(socket.getInputStream().read()).as("end of the stream").isNegative();
    }
    assertThat(stranger.heard).isEmpty();
    for (ClusterSecurity security :
        List.of(
            new ClusterSecurity(
                LinkRole.SERVER,
                () -> TestSecurity.secrets(WORDS),
                null,
                AllowedOriginals.of(List.of(LOOPBACK)),
                TimeSource.system()),
            new ClusterSecurity(
                LinkRole.SERVER,
                null,
                TestSecurity.linkTls(TestCertificates.copy("node", directory)),
                AllowedOriginals.of(List.of(LOOPBACK)),
                TimeSource.system()))) {
      Ear original = new Ear();
      NodeAddress address = listen(original, security);
      try (Socket socket = speak(address, 0x93)) {
        assertThat(socket.getInputStream().read()).isEqualTo(1);
      }
      assertThat(original.heard).startsWith("opened open node", "received 1");
    }
  }

  @Test
  void thoseWhoSayNothingAreBoundedAndKeepNobodyOut() throws Exception {
    Ear server = new Ear();
    NodeAddress address = listen(server, secret(WORDS));
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < Limits.MAX_HANDSHAKES + 10; i++) {
        silent.add(speak(address, 'K'));
      }
      assertThat(silent.get(0).getInputStream().read()).as("the oldest is closed").isNegative();
      Ear client = connect(address, secret(WORDS));
      assertThat(client.heard).contains("opened secret node");
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  private ClusterSecurity secret(String words) {
    return TestSecurity.secret(LinkRole.SERVER, words);
  }

  private ClusterSecurity tls(String certificate) throws IOException {
    LinkRole role = certificate.equals("client") ? LinkRole.TOOL : LinkRole.SERVER;
    return TestSecurity.tls(
        role, TestCertificates.copy(certificate, authority(certificate), directory));
  }

  private ClusterSecurity pretender() throws IOException {
    return TestSecurity.tls(LinkRole.SERVER, TestCertificates.copy("client", directory));
  }

  /** The stranger trusts its own authority and is trusted by nobody else. */
  private static String authority(String certificate) {
    return certificate.equals("stranger") ? "other-ca" : "ca";
  }

  private NodeAddress listen(Ear ear, ClusterSecurity security) throws IOException {
    return network(security).listen(LOOPBACK, () -> ear).address();
  }

  private Transport network(ClusterSecurity security) {
    return new NettyTransport(loops, TimeSource.system()).secured(security);
  }

  private static Socket speak(NodeAddress address, int first) throws IOException {
    Socket socket = new Socket(address.host(), address.port());
    socket.setSoTimeout(30_000);
    socket.getOutputStream().write(first);
    return socket;
  }

  /** Returns when it has come to something. */
  private Ear meet(Ear server, ClusterSecurity listening, ClusterSecurity connecting)
      throws IOException {
    return connect(listen(server, listening), connecting);
  }

  private Ear connect(NodeAddress address, ClusterSecurity security) {
    Ear client = new Ear();
    Transport network = network(security);
    network.execute(() -> network.connect(address, Duration.ofSeconds(10).toNanos(), client));
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                client.heard.stream()
                    .anyMatch(heard -> heard.startsWith("failed") || heard.startsWith("received")));
    return client;
  }
}
