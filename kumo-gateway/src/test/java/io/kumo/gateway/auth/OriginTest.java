package io.kumo.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OriginTest {
  @Test
  void whatOneMachineMayChooseIsOneAddress() {
    assertThat(Origin.of("10.1.2.3")).isEqualTo(new Origin("10.1.2", "10.1.2.3"));
    assertThat(Origin.of("2001:db8:1:2:3:4:5:6"))
        .isEqualTo(Origin.of("2001:db8:1:2:9:9:9:9"))
        .isEqualTo(new Origin("2001:db8:1", "2001:db8:1:2"));
    assertThat(Origin.of("fe80:0:0:0:1:2:3:4%eth0"))
        .isEqualTo(new Origin("fe80:0:0", "fe80:0:0:0"));
  }

  @Test
  void whatIsNoAddressIsAPlaceToo() {
    assertThat(Origin.of("")).isEqualTo(new Origin("", ""));
    assertThat(Origin.of("::1")).isEqualTo(new Origin("::1", "::1"));
  }
}
