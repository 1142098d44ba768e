package io.kumo.core.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class LinkProofTest {
  private static final Set<String> NAMED = Set.of("10.0.0.3", "2001:DB8::5", "db.example.org");

  @Test
  void aNodeSpeaksForTheHostThatItIsConnectedFrom() {
    LinkProof secret = new LinkProof(true, false, true, Set.of());
    assertThat(secret.mayBeNodeAt("10.0.0.1", "10.0.0.1")).isTrue();
    assertThat(secret.mayBeNodeAt("10.0.0.2", "10.0.0.1")).isFalse();
    assertThat(secret.mayBeNodeAt("::1", "[0:0:0:0:0:0:0:1%lo]")).isTrue();
    assertThat(secret.mayBeNodeAt("::2", "[0:0:0:0:0:0:0:1%lo]")).isFalse();
  }

  @Test
  void aNodeSpeaksForTheHostsThatItsCertificateNames() {
    LinkProof certified = new LinkProof(false, true, true, NAMED);
    assertThat(certified.mayBeNodeAt("10.0.0.3", "10.0.0.1")).isTrue();
    assertThat(certified.mayBeNodeAt("2001:db8:0:0:0:0:0:5", "10.0.0.1")).isTrue();
    assertThat(certified.mayBeNodeAt("10.0.0.4", "10.0.0.1")).isFalse();
  }

  @Test
  void aClientIsNoNode() {
    assertThat(new LinkProof(false, true, false, NAMED).mayBeNodeAt("10.0.0.3", "10.0.0.3"))
        .isFalse();
  }

  @Test
  void anOpenLinkSaysNothing() {
    assertThat(LinkProof.OPEN.mayBeNodeAt("10.0.0.3", "10.0.0.1")).isTrue();
  }
}
