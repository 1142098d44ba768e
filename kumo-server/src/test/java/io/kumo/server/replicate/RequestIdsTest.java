package io.kumo.server.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.AppliedRequest;
import io.kumo.core.protocol.FetchResult;
import io.kumo.core.protocol.RequestId;
import io.kumo.server.replicate.RequestIds.Knowledge;
import org.junit.jupiter.api.Test;

class RequestIdsTest {
  private final RequestIds requests = new RequestIds(3, 100);

  @Test
  void remembersWhatWasAppliedByIdAndByHash() {
    requests.remember(id(1), 7, 11, 0);
    requests.remember(id(2), 7, 12, 0);
    requests.remember(id(3), 8, 13, 0);
    assertThat(requests.lookUp(id(1))).isEqualTo(Knowledge.APPLIED);
    assertThat(requests.clockTime(id(2))).isEqualTo(12);
    assertThat(requests.of(7))
        .containsExactlyInAnyOrder(new AppliedRequest(id(1), 11), new AppliedRequest(id(2), 12));
    assertThat(requests.lookUp(id(4))).isEqualTo(Knowledge.NEW);
  }

  @Test
  void whatWasForgottenForWantOfRoomMayHaveBeenApplied() {
    for (int i = 1; i <= 4; i++) {
      requests.remember(id(i), i, i, 0);
    }
    assertThat(requests.size()).isEqualTo(3);
    assertThat(requests.lookUp(id(1))).isEqualTo(Knowledge.FORGOTTEN);
    assertThat(requests.of(1)).isEmpty();
    assertThat(requests.lookUp(id(5))).isEqualTo(Knowledge.NEW);
    assertThat(requests.lookUp(new RequestId(99, 1))).isEqualTo(Knowledge.NEW);
  }

  @Test
  void whatIsOldIsForgottenWhenSomethingNewComes() {
    requests.remember(id(1), 1, 1, 0);
    requests.remember(id(2), 2, 2, 101);
    assertThat(requests.size()).isEqualTo(1);
    assertThat(requests.lookUp(id(1))).isEqualTo(Knowledge.FORGOTTEN);
  }

  @Test
  void writesWithoutAnIdAreNeverKnown() {
    requests.remember(RequestId.NONE, 1, 1, 0);
    assertThat(requests.size()).isZero();
    assertThat(requests.lookUp(RequestId.NONE)).isEqualTo(Knowledge.NEW);
  }

  private static RequestId id(long sequence) {
    return new RequestId(5, sequence);
  }

  @Test
  void ofAKeyThatIsWrittenOftenTheLatestWritesAreTold() {
    RequestIds requests = new RequestIds(10_000, Long.MAX_VALUE);
    int count = FetchResult.MAX_REQUESTS + 10;
    for (int sequence = 1; sequence <= count; sequence++) {
      requests.remember(new RequestId(3, sequence), 7, sequence, 0);
    }

    assertThat(requests.of(7)).hasSize(FetchResult.MAX_REQUESTS);
    assertThat(requests.of(7).get(0).clockTime()).isEqualTo(11);
    assertThat(requests.of(7).get(FetchResult.MAX_REQUESTS - 1).clockTime()).isEqualTo(count);
  }
}
