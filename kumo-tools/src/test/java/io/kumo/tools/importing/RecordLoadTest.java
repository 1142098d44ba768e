package io.kumo.tools.importing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.route.request.KeyStatus;
import io.kumo.tools.importing.source.ImportRecord;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class RecordLoadTest {
  private final RecordLoad.Ends ends =
      new RecordLoad.Ends() {
        @Override
        public void ended(RecordLoad command, LoadResult result, String why) {}

        @Override
        public void failed(RecordLoad command, String why) {}
      };
  private final RecordLoad command =
      new RecordLoad(ends, 1, ImportRecord.store("k".getBytes(ISO_8859_1), new byte[3], 0, 0, 5));

  /** A write to a server of kumofs ends with the record that was stored. */
  private ByteBuf answer(KeyStatus status) {
    ByteBuf stored = Unpooled.buffer(3).writeZero(3);
    command.outcome().found().put(0, stored, 0, 5, 0);
    command.complete(status);
    return stored;
  }

  @Test
  void letsGoOfWhatAnAnswerBrings() {
    assertThat(answer(KeyStatus.STORE_FAILED).refCnt()).isZero();
    assertThat(command.failures()).isEqualTo(1);
    assertThat(answer(KeyStatus.STORED).refCnt()).isZero();
  }
}
