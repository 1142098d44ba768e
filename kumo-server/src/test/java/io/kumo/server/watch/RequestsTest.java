package io.kumo.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.admin.RequestWatch;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RequestsTest {
  private static final long MINUTE_NS = TimeUnit.MINUTES.toNanos(1);

  private final Requests requests = new Requests();

  private static ByteBuf key(String key) {
    ByteBuf raw = Unpooled.buffer().writeLong(key.hashCode() * 0x9E3779B97F4A7C15L);
    return raw.writeBytes(key.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void aKeyThatIsAskedForMostIsFoundAmongManyOthers() {
    SplittableRandom random = new SplittableRandom(1);
    requests.turn(0);
    for (int i = 0; i < 200_000; i++) {
      if (random.nextInt(10) == 0) {
        requests.read(key("hot"), 100);
      } else {
        requests.write(key("key-" + random.nextInt(100_000)), 100);
      }
    }
    RequestWatch.Hot first = requests.report(MINUTE_NS / 2).hot().get(0);
    assertThat(first.key()).isEqualTo("hot");
    assertThat(first.reads()).isBetween(17_000L, 23_000L);
  }

  @Test
  void whatIsKeptIsBounded() {
    for (int i = 0; i < 100_000; i++) {
      requests.read(key("key-" + i), 1 << 20);
      requests.took(key("key-" + i), 10, TimeUnit.SECONDS.toNanos(1), i);
    }
    RequestWatch report = requests.report(0);
    assertThat(report.hot()).hasSizeLessThanOrEqualTo(Requests.MAX_HOT);
    assertThat(report.large()).hasSizeLessThanOrEqualTo(Requests.MAX_HOT);
    assertThat(report.slow()).hasSize(Requests.MAX_SLOW);
    assertThat(report.slow().get(Requests.MAX_SLOW - 1).key()).isEqualTo("key-99999");
  }

  @Test
  void theLargestValuesAreKeptAndSmallOnesAreNot() {
    for (int i = 1; i <= 100; i++) {
      requests.write(key("key-" + i), i * 1024L);
    }
    RequestWatch report = requests.report(0);
    assertThat(report.large().get(0)).isEqualTo(new RequestWatch.Large("key-100", 100 * 1024));
    assertThat(report.large())
        .hasSize(LargeValues.MAX_KEYS)
        .allMatch(value -> value.bytes() > 64 * 1024);
  }

  @Test
  void whatIsOldIsForgotten() {
    requests.turn(0);
    for (int i = 0; i < 1000; i++) {
      requests.read(key("old"), 1 << 20);
    }
    requests.turn(MINUTE_NS);
    assertThat(requests.report(MINUTE_NS + 1).hot()).isNotEmpty();
    requests.turn(2 * MINUTE_NS);
    requests.turn(3 * MINUTE_NS);
    RequestWatch report = requests.report(3 * MINUTE_NS + 1);
    assertThat(report.hot()).isEmpty();
    assertThat(report.large()).isEmpty();
  }

  @Test
  void onlyWritesThatTakeLongAreNoted() {
    requests.slowerThan(5000);
    requests.took(key("a b"), 10, 4999, 1);
    requests.took(key("a b"), 10, 5000, 2);
    assertThat(requests.report(0).slow())
        .containsExactly(new RequestWatch.Slow(2, "a\\x20b", 10, 5));
  }

  @Test
  void theAnswerIsReadAsItWasWritten() throws Exception {
    requests.write(key("k"), 1 << 20);
    requests.took(key("k"), 10, TimeUnit.SECONDS.toNanos(1), 77);
    for (int i = 0; i < 100; i++) {
      requests.read(key("k"), 10);
    }
    RequestWatch report = requests.report(MINUTE_NS);
    ByteBuf bytes = Unpooled.buffer();
    report.write(bytes);
    assertThat(RequestWatch.read(bytes)).isEqualTo(report);
    assertThat(bytes.isReadable()).isFalse();
  }
}
