package io.kumo.core.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HashSpaceCodecTest {
  private static final Node A = new Node(NodeAddress.fromBits(19801, 0x7f000001), true);
  private static final Node B = new Node(NodeAddress.fromBits(19802, 0x7f000001), false);
  private static final String NODES = "92a7014d597f000001a7004d5a7f000001";

  private static Node in(String zone, Node node) {
    return new Node(node.address(), node.active(), zone);
  }

  private static String hex(HashSpace space) {
    ByteBuf out = Unpooled.buffer();
    HashSpaceCodec.write(out, space);
    return ByteBufUtil.hexDump(out);
  }

  private static HashSpace read(String hex) throws MalformedMessageException {
    return HashSpaceCodec.read(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex)));
  }

  @Test
  void whatTheOriginalKnowsIsWrittenAsItDoes() {
    assertThat(hex(HashSpace.of(List.of(A, B), 5))).isEqualTo("92" + NODES + "05");
  }

  @Test
  void copiesAndZonesFollow() throws Exception {
    HashSpace two = HashSpace.of(List.of(A, B), 5, 2);
    HashSpace zones = HashSpace.of(List.of(in("a", A), in("rack 2", B)), 5);

    assertThat(hex(two)).isEqualTo("93" + NODES + "05" + "920290");
    assertThat(hex(zones)).isEqualTo("93" + NODES + "05" + "920392a161a67261636b2032");
    assertThat(read(hex(two))).isEqualTo(two);
    assertThat(read(hex(zones))).isEqualTo(zones);
  }

  @Test
  void whatALaterVersionAddsIsIgnored() throws Exception {
    assertThat(read("94" + NODES + "05" + "93029009" + "07"))
        .isEqualTo(HashSpace.of(List.of(A, B), 5, 2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"920090", "920890", "920391a161", "9203", "9103", "03", "920392a16101"})
  void whatCannotBeIsMalformed(String placement) {
    assertThatThrownBy(() -> read("93" + NODES + "05" + placement))
        .isInstanceOf(MalformedMessageException.class);
  }

  @Test
  void aZoneOfTooManyBytesIsMalformed() {
    HashSpace space = HashSpace.of(List.of(in("z".repeat(64), A)), 5);
    assertThatThrownBy(() -> read(hex(space))).isInstanceOf(MalformedMessageException.class);
  }
}
