package io.kumo.server.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.AppliedRequest;
import io.kumo.core.protocol.RequestHistory;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.protocol.repair.GiveWindow;
import io.kumo.server.dedup.RequestIds.Knowledge;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RequestIdsTest {
  private int forgottenEarly;
  private final RequestIds requests = new RequestIds(3, 100, () -> forgottenEarly++);

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
    assertThat(forgottenEarly).isEqualTo(1);
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
  void whatWasMadeToBeForgottenMayHaveBeenApplied() {
    requests.remember(id(1), 1, 1, 0);
    requests.remember(id(2), 2, 2, 0);
    requests.forgetAll();
    assertThat(requests.size()).isZero();
    assertThat(requests.of(1)).isEmpty();
    assertThat(requests.lookUp(id(2))).isEqualTo(Knowledge.FORGOTTEN);
    assertThat(requests.lookUp(id(3))).isEqualTo(Knowledge.NEW);
  }

  @Test
  void aWalkShowsWhatIsRememberedWhateverIsForgottenMeanwhile() {
    List<GiveWindow.KeyRequest> shown = new ArrayList<>();
    assertThat(requests.walk().show(1, hash -> true, shown::add)).isFalse();
    for (int i = 1; i <= 3; i++) {
      requests.remember(id(i), i, 10 + i, 0);
    }
    RequestIds.Walk walk = requests.walk();
    assertThat(walk.show(1, hash -> true, shown::add)).isTrue();
    requests.remember(id(4), 4, 14, 0);
    requests.remember(id(5), 5, 15, 0);
    requests.remember(id(6), 6, 16, 0);
    assertThat(walk.show(9, hash -> hash != 5, shown::add)).isFalse();
    assertThat(shown)
        .extracting(found -> found.request().clockTime())
        .containsExactly(11L, 14L, 16L);
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
    RequestIds requests = new RequestIds(10_000, Long.MAX_VALUE, () -> {});
    int count = RequestHistory.MAX_REQUESTS + 10;
    for (int sequence = 1; sequence <= count; sequence++) {
      requests.remember(new RequestId(3, sequence), 7, sequence, 0);
    }

    assertThat(requests.of(7)).hasSize(RequestHistory.MAX_REQUESTS);
    assertThat(requests.of(7).get(0).clockTime()).isEqualTo(11);
    assertThat(requests.of(7).get(RequestHistory.MAX_REQUESTS - 1).clockTime()).isEqualTo(count);
  }

  /** Against a map, through growth, wrap-around, repetition and a key that is written often. */
  @Test
  void remembersAndForgetsAsAMapInTheOrderOfItsEntriesWould() {
    int maxEntries = 5_000;
    RequestIds requests = new RequestIds(maxEntries, 4_000, () -> {});
    Map<RequestId, Long> model = new LinkedHashMap<>();
    Map<RequestId, Long> rememberedNs = new HashMap<>();
    Random random = new Random(11);
    long now = 0;
    for (int i = 1; i <= 100_000; i++) {
      now += i % 20_000 < 10_000 ? 0 : random.nextInt(3);
      boolean repeats = random.nextInt(20) == 0 && i > 10;
      RequestId id = new RequestId(1 + i % 3, repeats ? i - 3 : i);
      long hash = hashOf(id.sequence());
      forget(model, rememberedNs, now - 4_000, maxEntries);
      requests.remember(id, hash, i, now);
      model.put(id, (long) i);
      rememberedNs.put(id, now);
      if (i % 997 == 0) {
        assertThat(requests.size()).isEqualTo(model.size());
        model.forEach((known, at) -> assertThat(requests.clockTime(known)).isEqualTo(at));
        assertThat(requests.of(hash)).isEqualTo(latest(model, hash));
      }
    }
  }

  /** Every fourth write is of one key, the others of some hundred. */
  private static long hashOf(long sequence) {
    return sequence % 4 == 0 ? 7 : sequence % 512 << 30 | sequence % 128;
  }

  private static void forget(
      Map<RequestId, Long> model, Map<RequestId, Long> times, long before, int max) {
    Iterator<RequestId> oldest = model.keySet().iterator();
    while (oldest.hasNext()) {
      RequestId id = oldest.next();
      if (times.get(id) >= before && model.size() < max) {
        return;
      }
      oldest.remove();
    }
  }

  private static List<AppliedRequest> latest(Map<RequestId, Long> model, long hash) {
    List<AppliedRequest> all =
        model.entrySet().stream()
            .filter(entry -> hashOf(entry.getKey().sequence()) == hash)
            .map(entry -> new AppliedRequest(entry.getKey(), entry.getValue()))
            .toList();
    return all.subList(Math.max(0, all.size() - RequestHistory.MAX_REQUESTS), all.size());
  }
}
