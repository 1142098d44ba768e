package io.kumo.core.protocol.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.Limits;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.Node;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.SampleViews;
import io.kumo.core.view.ViewId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusMessagesTest {
  private final ByteBuf out = Unpooled.buffer();

  private static NodeStatus status() {
    return new NodeStatus(
        "10.0.0.1:11211",
        "1.2",
        "routing",
        "open",
        77,
        new RingState(-1, 0xffffffffL),
        new RingState(5, 6),
        new ViewId(3, 4),
        true,
        1_700_000_000_000L,
        8,
        9,
        List.of(new NodeLink(NodeLink.SERVER, "10.0.0.2:19800", "secret", 2)));
  }

  @Test
  void whatIsWrittenIsRead() throws Exception {
    new RegisterGateway(-3, status()).encode(out);
    assertThat(RegisterGateway.decode(out)).isEqualTo(new RegisterGateway(-3, status()));

    Gateways gateways = new Gateways(List.of(new Gateways.Gateway("10.0.0.9:5", 12, status())));
    gateways.write(out);
    assertThat(Gateways.read(out)).isEqualTo(gateways);

    CurrentView view =
        new CurrentView(
            SampleViews.first(), List.of(SampleViews.M1, SampleViews.M2), SampleViews.M1);
    view.write(out);
    assertThat(CurrentView.read(out)).isEqualTo(view);

    CurrentView none = new CurrentView(ClusterView.NONE, List.of(), null);
    none.write(out);
    assertThat(CurrentView.read(out)).isEqualTo(none);
    assertThat(out.isReadable()).isFalse();
  }

  @Test
  void oneThatTellsOfNoLinksIsRead() throws Exception {
    ByteBuf whole = Unpooled.buffer();
    status().write(whole);
    ByteBuf links = Unpooled.buffer();
    NodeLinks.write(links, status().links());
    out.writeByte(0x9c).writeBytes(whole, 1, whole.readableBytes() - 1 - links.readableBytes());
    assertThat(NodeStatus.read(out).links()).isEmpty();
    assertThat(out.isReadable()).isFalse();
  }

  @Test
  void aLongListHidesNoOpenLink() throws Exception {
    NodeLinks links = new NodeLinks();
    for (int i = 0; i < 1000; i++) {
      links.add(NodeLink.CLIENT, "10.0.0." + i, "tls");
      links.add(NodeLink.CLIENT, "10.0.0." + i, "tls");
    }
    links.add(NodeLink.SERVER, "10.9.9.9:19800", NodeLink.OPEN);
    List<NodeLink> told = links.list();
    assertThat(told).hasSize(Limits.MAX_TOLD_LINKS + 1);
    assertThat(told.get(0)).isEqualTo(new NodeLink(NodeLink.SERVER, "10.9.9.9:19800", "open", 1));
    assertThat(told.stream().mapToLong(NodeLink::count).sum()).isEqualTo(2001);
    NodeLinks.write(out, told);
    assertThat(NodeLinks.read(out)).isEqualTo(told);
  }

  @Test
  void theDigestIsOfTheServersAndTheirStates() {
    HashSpace space =
        HashSpace.of(List.of(new Node(SampleViews.S1, true), new Node(SampleViews.S2, true)), 9);
    long digest = RingState.of(space).digest();
    assertThat(RingState.of(space.withClockTime(10))).isEqualTo(new RingState(10, digest));
    assertThat(RingState.of(space.withFault(SampleViews.S1, 9)).digest()).isNotEqualTo(digest);
  }
}
