package io.kumo.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InFlightTest {
  private final InFlight inFlight = new InFlight(3, 1000);

  @Test
  void requestsAreBoundedAndLeaveNothing() {
    for (int i = 0; i < 3; i++) {
      assertThat(inFlight.begin(10)).isTrue();
    }
    assertThat(inFlight.begin(10)).isFalse();
    inFlight.end(10);
    assertThat(inFlight.begin(10)).isTrue();
    assertThat(inFlight.requests()).isEqualTo(3);
    assertThat(inFlight.bytes()).isEqualTo(30);
  }

  @Test
  void bytesAreBoundedButForWhatIsAlone() {
    assertThat(inFlight.begin(5000)).isTrue();
    assertThat(inFlight.begin(1)).isFalse();
    inFlight.end(5000);
    assertThat(inFlight.begin(20)).isTrue();
    assertThat(inFlight.hold(20, 5000)).as("the first value of one that is alone").isTrue();
    assertThat(inFlight.hold(-1, 1)).as("its second").isFalse();
    inFlight.end(5020);
    assertThat(inFlight.begin(20)).isTrue();
    assertThat(inFlight.begin(20)).isTrue();
    assertThat(inFlight.hold(20, 5000)).as("one of two").isFalse();
    assertThat(inFlight.bytes()).isEqualTo(40);
    assertThat(inFlight.requests()).isEqualTo(2);
  }
}
