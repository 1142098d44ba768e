package io.kumo.it.fuzz;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.security.ClusterSecrets;
import io.kumo.core.security.Secret;
import io.kumo.core.security.link.AllowedOriginals;
import io.kumo.core.security.link.ClusterSecurity;
import io.kumo.core.security.link.LinkRole;
import io.kumo.core.transport.Link;
import io.kumo.core.transport.LinkListener;
import io.kumo.core.transport.Transport;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Whatever bytes somebody without the secret sends, as the one who connects or as the one who was
 * connected to: no link opens, and the next one who has the secret gets one.
 */
class HandshakeFuzzTest {
  private static final long SECOND_NS = Duration.ofSeconds(1).toNanos();
  private static final NodeAddress SERVER = address(1);
  private static final NodeAddress STRANGER = address(2);
  private static final NodeAddress HONEST = address(3);

  private final ClusterSecurity security =
      new ClusterSecurity(
          LinkRole.SERVER,
          () -> new ClusterSecrets(List.of(new Secret("sixteen bytes or more".getBytes(US_ASCII)))),
          null,
          AllowedOriginals.NONE,
          TimeSource.system());

  @Test
  void noBytesOpenALink() throws Exception {
    new Fuzzer("handshake", List.of())
        .run(
            (input, random) -> {
              assertNobodyGetsIn(input, random);
              assertNobodyIsTrusted(input, random);
            });
  }

  private void assertNobodyGetsIn(byte[] input, Random random) throws IOException {
    MemoryNetwork network = new MemoryNetwork();
    MemoryHost host = network.start(SERVER);
    Counting server = new Counting();
    security.over(host).listen(SERVER, () -> server);
    MemoryHost other = network.start(STRANGER);
    PieceSender stranger = new PieceSender(input, random.nextInt(input.length + 1), true);
    other.enter(() -> other.connect(SERVER, SECOND_NS, stranger));
    network.events().runFor(SECOND_NS / 10);
    other.enter(stranger::sendRest);
    network.events().runFor(SECOND_NS / 10);
    assertThat(server.opened).as("let in").isZero();
    Counting honest = connect(network);
    assertThat(honest.opened).isEqualTo(1);
    assertThat(server.opened).isEqualTo(1);
    assertThat(host.guard().bugs()).isZero();
  }

  private void assertNobodyIsTrusted(byte[] input, Random random) throws IOException {
    MemoryNetwork network = new MemoryNetwork();
    MemoryHost host = network.start(SERVER);
    int cut = random.nextInt(input.length + 1);
    host.listen(SERVER, () -> new PieceSender(input, cut, true));
    Counting honest = connect(network);
    assertThat(honest.opened).as("trusted").isZero();
    network.events().runFor(10 * SECOND_NS);
    assertThat(honest.failed).isEqualTo(1);
  }

  private Counting connect(MemoryNetwork network) {
    MemoryHost host = network.start(HONEST);
    Transport secured = security.over(host);
    Counting honest = new Counting();
    host.enter(() -> secured.connect(SERVER, SECOND_NS, honest));
    network.events().runFor(SECOND_NS);
    assertThat(host.guard().bugs()).isZero();
    return honest;
  }

  private static NodeAddress address(int host) {
    return NodeAddress.of(new byte[] {10, 0, 0, (byte) host}, 1);
  }

  /** Counts what it hears. */
  private static final class Counting implements LinkListener {
    private int opened;
    private int failed;

    @Override
    public void opened(Link link) {
      opened++;
    }

    @Override
    public void connectFailed(Throwable cause) {
      failed++;
    }

    @Override
    public void received(ByteBuf in) {
      in.skipBytes(in.readableBytes());
    }

    @Override
    public void closed(@Nullable Throwable cause) {}
  }
}
