package io.kumo.core.ring;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kumo.core.protocol.wire.HashSpaceCodec;
import io.kumo.core.protocol.wire.NodeAddressCodec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NodeAddressTest {
  private static final NodeAddress NARROW = NodeAddress.fromBits(19800, 0x7f000001);
  private static final NodeAddress WIDE = of("fd00::1:2", 19800);

  private static NodeAddress of(String host, int port) {
    return NodeAddress.of(new InetSocketAddress(host, port));
  }

  private static String hex(NodeAddress address) {
    return HexFormat.of().formatHex(address.toBytes());
  }

  @Test
  void theWireBytesArePortAddressAndScope() throws Exception {
    assertThat(hex(NARROW)).isEqualTo("4d587f000001");
    assertThat(hex(WIDE)).isEqualTo("4d58" + "fd000000000000000000000000010002" + "00000000");
    byte[] local = WIDE.toSocketAddress().getAddress().getAddress();
    NodeAddress scoped =
        NodeAddress.of(new InetSocketAddress(Inet6Address.getByAddress(null, local, 7), 1));
    assertThat(hex(scoped)).isEqualTo("0001" + "fd000000000000000000000000010002" + "07000000");
    for (NodeAddress address : List.of(NARROW, WIDE, scoped)) {
      assertThat(NodeAddress.fromBytes(address.toBytes())).isEqualTo(address);
    }
    assertThatThrownBy(() -> NodeAddress.fromBytes(new byte[16]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theyAreShownAndFoundAsTyped() throws Exception {
    assertThat(NARROW).hasToString("127.0.0.1:19800");
    assertThat(WIDE).hasToString("[fd00:0:0:0:0:0:1:2]:19800");
    assertThat(WIDE.toSocketAddress())
        .isEqualTo(new InetSocketAddress(InetAddress.getByName("fd00::1:2"), 19800));
    assertThat(of(WIDE.host(), 19800)).isEqualTo(WIDE);
    assertThat(of("::", 5).isWildcard()).isTrue();
    assertThat(of("0.0.0.0", 5).isWildcard()).isTrue();
    assertThat(of("::1", 5).isWildcard()).isFalse();
    assertThat(WIDE.sameHost(of("fd00::1:2", 1))).isTrue();
    assertThat(WIDE.sameHost(of("fd00::1:3", 19800))).isFalse();
  }

  @Test
  void theOrderIsThatOfTheBytes() {
    List<NodeAddress> sorted =
        Stream.of(
                of("255.0.0.1", 1),
                of("ff00::1", 1),
                of("ff00::", 1),
                of("::", 1),
                of("10.0.0.1", 2),
                of("10.0.0.1", 1),
                of("a00:1::", 1))
            .sorted()
            .toList();
    assertThat(sorted.stream().map(NodeAddressTest::hex)).isSorted();
    assertThat(sorted.get(1)).as("a prefix comes first").isEqualTo(of("10.0.0.1", 1));
    assertThat(sorted.get(2)).isEqualTo(of("a00:1::", 1));
  }

  @Test
  void theRingPlacesWideOnesByAllTheirBytes() {
    HashSpace space =
        HashSpace.of(
            List.of(
                new Node(of("fd00::1", 19800), true),
                new Node(of("fd00::2", 19800), true),
                new Node(NARROW, true)),
            1);
    long[] coordinated = new long[3];
    for (int i = 0; i < 3000; i++) {
      NodeAddress first =
          space.replicas(KeyHash.of(("key" + i).getBytes(US_ASCII))).get(0).address();
      coordinated[first.equals(NARROW) ? 2 : first.equals(of("fd00::1", 19800)) ? 0 : 1]++;
    }
    assertThat(Arrays.stream(coordinated).min().orElse(0)).isGreaterThan(500);
  }

  @Test
  void messagesCarryBoth() throws Exception {
    ByteBuf out = Unpooled.buffer();
    NodeAddressCodec.write(out, NARROW);
    NodeAddressCodec.write(out, WIDE);
    assertThat(ByteBufUtil.hexDump(out)).startsWith("a64d587f000001b64d58fd00");
    assertThat(NodeAddressCodec.read(out)).isEqualTo(NARROW);
    assertThat(NodeAddressCodec.read(out)).isEqualTo(WIDE);
    HashSpace space = HashSpace.of(List.of(new Node(WIDE, true), new Node(NARROW, false)), 9);
    HashSpaceCodec.write(out, space);
    assertThat(HashSpaceCodec.read(out)).isEqualTo(space);
    assertThat(out.isReadable()).isFalse();
  }
}
