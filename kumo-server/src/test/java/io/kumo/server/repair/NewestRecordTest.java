package io.kumo.server.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.AppliedRequest;
import io.kumo.core.protocol.RequestHistory;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.protocol.extended.FetchResult;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NewestRecordTest {
  private static final RequestHistory CUT = new RequestHistory(List.of(), false);

  @Test
  void withoutAnyRecordThereIsNothingAndNothingDiffers() {
    NewestRecord record = new NewestRecord(null, CUT);
    record.add(FetchResult.nothingNewer(0, CUT), false);
    assertThat(record.value()).isNull();
    assertThat(record.clockTime()).isZero();
    assertThat(record.differs()).isFalse();
  }

  @Test
  void theNewestOfAllCounts() {
    NewestRecord record = new NewestRecord(value(5, 'a'), CUT);
    record.add(FetchResult.value(9, value(9, 'b'), CUT), false);
    record.add(FetchResult.value(7, value(7, 'c'), CUT), false);
    assertThat(record.value()).isEqualTo(value(9, 'b'));
    assertThat(record.own()).isEqualTo(value(5, 'a'));
    assertThat(record.differs()).isTrue();
    assertThat(record.bytes()).isEqualTo(2 * (Long.BYTES + 1));
  }

  @Test
  void atEqualClockTimesTheGreaterBytesWin() {
    NewestRecord record = new NewestRecord(value(5, 'b'), CUT);
    record.add(FetchResult.value(5, value(5, 'a'), CUT), false);
    assertThat(record.value()).isEqualTo(value(5, 'b'));
    assertThat(record.differs()).isTrue();
    record.add(FetchResult.value(5, value(5, 'c'), CUT), false);
    assertThat(record.value()).isEqualTo(value(5, 'c'));
  }

  @Test
  void aReplicaThatLacksTheRecordDiffersAndAFormerOneDoesNot() {
    NewestRecord record = new NewestRecord(value(5, 'a'), CUT);
    record.add(FetchResult.nothingNewer(5, CUT), false);
    record.add(FetchResult.nothingNewer(0, CUT), true);
    assertThat(record.differs()).isFalse();
    record.add(FetchResult.nothingNewer(0, CUT), false);
    assertThat(record.differs()).isTrue();
  }

  @Test
  void allRequestsAreKnownWhenOneThatHadTheNewestKnowsAll() {
    NewestRecord record = new NewestRecord(value(5, 'a'), RequestHistory.NONE);
    assertThat(record.history().whole()).isTrue();
    record.add(FetchResult.value(9, value(9, 'b'), CUT), false);
    assertThat(record.history().whole()).isFalse();
    record.add(FetchResult.value(9, value(9, 'b'), RequestHistory.NONE), true);
    assertThat(record.history().whole()).isTrue();
  }

  @Test
  void theSameRequestIsNamedOnceAndOfTooManyTheLatest() {
    NewestRecord record = new NewestRecord(value(5, 'a'), requests(0, 10));
    record.add(FetchResult.nothingNewer(5, requests(0, 10)), false);
    assertThat(record.history()).isEqualTo(requests(0, 10));

    record.add(FetchResult.nothingNewer(5, requests(10, 10 + RequestHistory.MAX_REQUESTS)), false);
    assertThat(record.history().whole()).isFalse();
    assertThat(record.history().requests())
        .isEqualTo(requests(10, 10 + RequestHistory.MAX_REQUESTS).requests());
  }

  private static RequestHistory requests(int from, int to) {
    return new RequestHistory(
        IntStream.range(from, to)
            .mapToObj(i -> new AppliedRequest(new RequestId(1, i), 5))
            .toList(),
        true);
  }

  private static ByteBuf value(long clockTime, char content) {
    return Unpooled.buffer().writeLong(clockTime).writeByte(content);
  }
}
