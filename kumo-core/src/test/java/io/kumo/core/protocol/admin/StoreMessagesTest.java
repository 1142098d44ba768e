package io.kumo.core.protocol.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.ConnectionKind;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.extended.RepairRecord;
import io.kumo.core.protocol.store.BackupSuffix;
import io.kumo.core.protocol.store.CompactStore;
import io.kumo.core.protocol.store.GetStoreUsage;
import io.kumo.core.protocol.store.StoreTask;
import io.kumo.core.protocol.store.StoreUsage;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StoreMessagesTest {
  @Test
  void theFiguresOfAStoreSurviveTheWire() throws MalformedMessageException {
    StoreTask task = new StoreTask("backup 2026", StoreTask.FAILED, 3, 8, "no room");
    StoreUsage figures = new StoreUsage(1, 2, 3, 4, 1L << 40, 6, 7, 8, task);
    ByteBuf out = Unpooled.buffer();
    figures.write(out);
    assertThat(StoreUsage.read(out)).isEqualTo(figures);
    assertThat(out.isReadable()).isFalse();
  }

  @Test
  void theRequestsAboutAStoreSurviveTheWire() throws MalformedMessageException {
    for (Message message :
        new Message[] {
          new CompactStore(),
          new GetStoreUsage(),
          new GetServerStatistics(),
          new GetRequestWatch(),
          new GetMembers()
        }) {
      ByteBuf out = Unpooled.buffer();
      message.encode(out);
      assertThat(message.method().decode(out)).isEqualTo(message);
      assertThat(message.method().allowedOn(ConnectionKind.SUBSYSTEM)).isTrue();
    }
  }

  @Test
  void aRecordToMendSurvivesTheWire() throws MalformedMessageException {
    for (Method method : new Method[] {Method.REPAIR_RECORD, Method.COMPARE_RECORD}) {
      Message message = new RepairRecord(method, Unpooled.buffer().writeLong(7).writeByte('k'));
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

  @Test
  void figuresAndMembersSurviveTheWire() throws MalformedMessageException {
    ByteBuf out = Unpooled.buffer();
    ServerStatistics figures = new ServerStatistics(new TreeMap<>(Map.of("a", 1L, "b", -1L)));
    figures.write(out);
    assertThat(ServerStatistics.read(out)).isEqualTo(figures);
    NodeAddress address = NodeAddress.of(new byte[] {10, 0, 0, 3}, 19800);
    Members members =
        new Members(
            List.of(
                new Members.Member(address, true, false, true, true, -7L),
                new Members.Member(address, false, false, true, false, 7L, "rack 2")));
    members.write(out);
    assertThat(Members.read(out)).isEqualTo(members);
    assertThat(out.isReadable()).isFalse();
  }
}
