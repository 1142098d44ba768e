package io.kumo.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class StoreMessagesTest {
  @Test
  void theFiguresOfAStoreSurviveTheWire() throws MalformedMessageException {
    StoreTask task = new StoreTask("backup 2026", StoreTask.FAILED, 3, 8, "no room");
    StoreFigures figures = new StoreFigures(1, 2, 3, 4, 1L << 40, 6, 7, 8, task);
    ByteBuf out = Unpooled.buffer();
    figures.write(out);
    assertThat(StoreFigures.read(out)).isEqualTo(figures);
    assertThat(out.isReadable()).isFalse();
  }

  @Test
  void theRequestsAboutAStoreSurviveTheWire() throws MalformedMessageException {
    for (Message message : new Message[] {new CompactStore(), new GetStoreFigures()}) {
      ByteBuf out = Unpooled.buffer();
      message.encode(out);
      assertThat(message.method().decode(out)).isEqualTo(message);
      assertThat(message.method().allowedOn(ConnectionKind.SUBSYSTEM)).isTrue();
    }
  }

  @Test
  void aRecordToMendSurvivesTheWire() throws MalformedMessageException {
    for (Method method : new Method[] {Method.MEND_RECORD, Method.COMPARE_RECORD}) {
      Message message = new MendRecord(method, Unpooled.buffer().writeLong(7).writeByte('k'));
      ByteBuf out = Unpooled.buffer();
      message.encode(out);
      assertThat(method.decode(out)).isEqualTo(message);
    }
  }

  @Test
  void aSuffixLeadsNowhereElse() {
    assertThat(BackupSuffix.objection("20261120")).isNull();
    assertThat(BackupSuffix.objection("..")).isNull();
    assertThat(BackupSuffix.objection("")).isEqualTo("empty suffix");
    assertThat(BackupSuffix.objection("/../../etc/x")).contains("no /");
    assertThat(BackupSuffix.objection("a\\b")).contains("no /");
    assertThat(BackupSuffix.objection("a\nb")).contains("no /");
    assertThat(BackupSuffix.objection("x".repeat(101))).contains("100");
  }
}
