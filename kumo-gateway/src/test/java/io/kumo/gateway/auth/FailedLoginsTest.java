package io.kumo.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FailedLoginsTest {
  private final FailedLogins failed = new FailedLogins();

  @Test
  void theFirstIsToldAndThenOnceAMinute() {
    assertThat(failed.next("alice", "10.0.0.1", 5))
        .isEqualTo("a login has failed, the last as 'alice' from 10.0.0.1");
    for (int i = 0; i < 1000; i++) {
      assertThat(failed.next("alice", "10.0.0.1", 6)).isNull();
    }
    assertThat(failed.next("bob", "", 5 + FailedLogins.PERIOD_NS))
        .isEqualTo("1001 logins have failed since, the last as 'bob' from this machine");
    assertThat(failed.next("bob", "", 6 + FailedLogins.PERIOD_NS)).isNull();
  }

  @Test
  void whatAStrangerCallsHimselfCannotFakeALine() {
    assertThat(failed.next("a\nKUMO-1001 \u001b[2J" + "x".repeat(500), "10.0.0.1", 1))
        .isEqualTo(
            "a login has failed, the last as 'a?KUMO-1001 ?[2J"
                + "x".repeat(24)
                + "' from 10.0.0.1");
  }
}
