package io.kumo.core.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.ring.NodeAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LinkProofTest {
  private static final Set<String> NAMED = Set.of("10.0.0.3", "2001:DB8::5", "db.example.org");

  private static NodeAddress at(String host) {
    return at(host, 19800);
  }

  private static NodeAddress at(String host, int port) {
    return NodeAddress.of(new InetSocketAddress(host, port));
  }

  @Test
  void aNodeSpeaksForTheHostThatItIsConnectedFrom() {
    LinkProof secret = new LinkProof(true, false, true, Set.of());
    assertThat(secret.mayBeNodeAt(at("10.0.0.1"), "10.0.0.1")).isTrue();
    assertThat(secret.mayBeNodeAt(at("10.0.0.2"), "10.0.0.1")).isFalse();
    assertThat(secret.mayBeNodeAt(at("::1"), "[0:0:0:0:0:0:0:1%lo]")).isTrue();
    assertThat(secret.mayBeNodeAt(at("::2"), "[0:0:0:0:0:0:0:1%lo]")).isFalse();
  }

  @Test
  void aNodeSpeaksForTheHostsThatItsCertificateNames() {
    LinkProof certified = new LinkProof(false, true, true, NAMED);
    assertThat(certified.mayBeNodeAt(at("10.0.0.3"), "10.0.0.1")).isTrue();
    assertThat(certified.mayBeNodeAt(at("2001:db8:0:0:0:0:0:5"), "10.0.0.1")).isTrue();
    assertThat(certified.mayBeNodeAt(at("10.0.0.4"), "10.0.0.1")).isFalse();
  }

  @Test
  void aClientIsNoNode() {
    assertThat(new LinkProof(false, true, false, NAMED).mayBeNodeAt(at("10.0.0.3"), "10.0.0.3"))
        .isFalse();
  }

  @Test
  void anOpenLinkSaysNothing() {
    assertThat(LinkProof.OPEN.mayBeNodeAt(at("10.0.0.3"), "10.0.0.1")).isTrue();
  }

  @Test
  void anOriginalIsAtAnAddressThatWasAllowedAndIsConnectedFromThere() {
    LinkProof original = LinkProof.original(List.of(at("10.0.0.3", 0), at("10.0.0.4", 19800)));
    assertThat(original.isOpen()).isTrue();
    assertThat(original.mayBeNodeAt(at("10.0.0.3", 7), "10.0.0.3")).isTrue();
    assertThat(original.mayBeNodeAt(at("10.0.0.4"), "10.0.0.4")).isTrue();
    assertThat(original.mayBeNodeAt(at("10.0.0.4", 19801), "10.0.0.4")).isFalse();
    assertThat(original.mayBeNodeAt(at("10.0.0.4"), "10.0.0.3")).isFalse();
    assertThat(original.mayBeNodeAt(at("10.0.0.5"), "10.0.0.5")).isFalse();
  }
}
