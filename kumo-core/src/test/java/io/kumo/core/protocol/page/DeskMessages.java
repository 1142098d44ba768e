package io.kumo.core.protocol.page;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kumo.core.protocol.desk.AskGateway;
import io.kumo.core.protocol.desk.ChangeConfig;
import io.kumo.core.protocol.desk.ChangeMembers;
import io.kumo.core.protocol.desk.GetConfig;
import io.kumo.core.protocol.desk.GetHistory;
import io.kumo.core.protocol.desk.History;
import io.kumo.core.protocol.desk.Introduce;
import io.kumo.core.protocol.desk.ItemPage;
import io.kumo.core.protocol.desk.NodeConfig;
import io.kumo.core.protocol.desk.NodeSetting;
import io.kumo.core.protocol.desk.NoteOrder;
import io.kumo.core.protocol.desk.RecordPage;
import io.kumo.core.protocol.desk.ScanItems;
import io.kumo.core.protocol.desk.ScanRecords;
import io.kumo.core.protocol.desk.SetLogLevel;
import io.kumo.core.protocol.desk.SteerRebalance;
import io.kumo.core.protocol.desk.SuspendServer;
import io.kumo.core.protocol.repair.DescribeRecords;
import io.kumo.core.protocol.repair.GetVerification;
import io.kumo.core.protocol.repair.RecordReport;
import io.kumo.core.protocol.repair.VerificationState;
import io.kumo.core.protocol.repair.Verify;
import io.kumo.core.protocol.snapshot.ScanSnapshot;
import io.kumo.core.protocol.snapshot.SnapshotPage;
import io.kumo.core.protocol.snapshot.SnapshotState;
import io.kumo.core.protocol.snapshot.SnapshotStep;
import io.kumo.core.protocol.status.CurrentView;
import io.kumo.core.protocol.status.Gateways;
import io.kumo.core.protocol.status.GetGateways;
import io.kumo.core.protocol.status.GetNodeStatus;
import io.kumo.core.protocol.status.GetView;
import io.kumo.core.protocol.status.NodeLink;
import io.kumo.core.protocol.status.NodeStatus;
import io.kumo.core.protocol.status.RegisterGateway;
import io.kumo.core.protocol.status.RingState;
import io.kumo.core.ring.HashRange;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.ViewId;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.stream.Stream;

/** Messages by which an operator looks, repairs and changes. */
final class DeskMessages {
  private static final RingState RING = new RingState(SampleBytes.SPACE_TIME, 0x55);

  /** Of a gateway. */
  private static final NodeStatus STATUS =
      new NodeStatus(
          "10.0.0.9:11211",
          "1.0.0",
          "serving",
          "open",
          9,
          RING,
          RING,
          new ViewId(2, 3),
          true,
          1,
          4,
          5,
          List.of(new NodeLink(NodeLink.MEMCACHED, "10.0.0.9:11211", "tls", 4)));

  private static final String[] STATUS_WORDS = {
    "address",
    "version of the program",
    "state",
    "how its links are protected",
    "seconds since its start",
    "write hash space",
    "ClockTime",
    "digest",
    "read hash space",
    "ClockTime",
    "digest",
    "view that it has installed",
    "term",
    "version",
    "has a lease",
    "Unix milliseconds since which they are installed",
    "connections of clients",
    "operations of clients since its start",
    "links, those that prove nothing first",
    "those that are alike",
    "manager, server, client or memcached",
    "address; of a client the host that it comes from",
    "what they have proved",
    "how many"
  };

  private static final String SETTINGS =
      "1 throttle, 2 slow-write, 3 rejoin-after, 4 scrub-rate, 5 keepalive-interval, 6"
          + " max-item-size, 7 max-connections, 8 reads";

  private DeskMessages() {}

  static List<WireEntry> all() {
    return List.of(
        describe(),
        verify(),
        verification(),
        WireEntry.of(new GetNodeStatus()).gives(STATUS::write, NodeStatus::read, STATUS_WORDS),
        WireEntry.of(
                new RegisterGateway(0x66, STATUS), after(STATUS_WORDS, "random number", "status"))
            .givesNil(),
        WireEntry.of(new GetGateways())
            .gives(
                new Gateways(List.of(new Gateways.Gateway("10.0.0.9:40000", 7, STATUS)))::write,
                Gateways::read,
                after(STATUS_WORDS, "one", "from", "operations a second", "status")),
        view(),
        WireEntry.of(
                new Introduce("root@desk", "attach", ""),
                "user and machine",
                "command",
                "what came of it, where the manager is ordered nothing")
            .givesNil(),
        history(),
        noteOrder(),
        scan(),
        items(),
        snapshot(),
        snapshotPage(),
        WireEntry.of(
                new SetLogLevel(SetLogLevel.Level.DEBUG, 60_000),
                "1 error, 2 warn, 3 info, 4 debug, 5 trace",
                "milliseconds")
            .givesNil(),
        config(),
        change(),
        askGateway(),
        WireEntry.of(
                new SteerRebalance(SteerRebalance.Step.THROTTLE, 10 << 20),
                "1 pause, 2 resume, 3 cancel, 4 throttle",
                "bytes a second of each server, 0 for what its command line says")
            .givesNil(),
        WireEntry.of(
                new SuspendServer(SampleBytes.SERVER, 600),
                "server",
                "seconds, 0 to take it in again")
            .givesNil(),
        WireEntry.of(
                new ChangeMembers(List.of(SampleBytes.SERVER), List.of(), true),
                "to attach",
                "server",
                "to remove",
                "although they serve")
            .givesNil());
  }

  private static WireEntry change() {
    return WireEntry.of(
            new ChangeConfig(NodeSetting.THROTTLE, 1 << 20),
            SETTINGS,
            "in its unit: bytes, nanoseconds, or a number")
        .givesBool("this node has it");
  }

  private static WireEntry askGateway() {
    return WireEntry.of(
            new AskGateway("10.0.0.9:40000", new ChangeConfig(NodeSetting.MAX_CONNECTIONS, 2000)),
            "where it has come from",
            "GET_CONFIG, CHANGE_CONFIG or SET_LOG_LEVEL",
            "its parameters",
            SETTINGS,
            "in its unit")
        .givesBool("as the method; here it has it");
  }

  private static WireEntry config() {
    return WireEntry.of(new GetConfig())
        .gives(
            new NodeConfig(List.of(new NodeConfig.Entry(NodeSetting.THROTTLE, 1 << 20, 0)))::write,
            NodeConfig::read,
            "one",
            SETTINGS,
            "in its unit: bytes, nanoseconds, or a number",
            "of the command line");
  }

  private static String[] after(String[] rest, String... first) {
    return Stream.concat(Stream.of(first), Stream.of(rest)).toArray(String[]::new);
  }

  private static WireEntry describe() {
    RecordReport item = new RecordReport(RecordReport.Kind.ITEM, SampleBytes.TIME, 20, 0x77, 5, 0);
    return WireEntry.of(
            new DescribeRecords(List.of(SampleBytes.key())), "raw keys, 32 at most", "raw key")
        .gives(
            out -> DescribeRecords.writeResult(out, List.of(item)),
            DescribeRecords::readResult,
            "one",
            "0 nothing, 1 item, 2 of an original, 3 tombstone, 4 damaged",
            "ClockTime",
            "bytes of the raw value",
            "CRC-32C of the raw value",
            "flags",
            "expiry");
  }

  private static WireEntry verify() {
    return WireEntry.of(
            new Verify(true, false, 1000, HashRange.ALL, null),
            "begin, or end what runs",
            "make equal what differs",
            "records a second, 0 for as it sees fit",
            "hashes from",
            "to",
            "the other replica, nil for all")
        .givesNil();
  }

  private static WireEntry verification() {
    VerificationState state =
        new VerificationState(
            VerificationState.Phase.RUNNING,
            false,
            0,
            "",
            9,
            18,
            4,
            List.of(1L, 0L, 0L, 0L),
            0,
            List.of(
                new VerificationState.Finding(
                    SampleBytes.key(), SampleBytes.SERVER, VerificationState.Defect.MISSING)));
    return WireEntry.of(new GetVerification())
        .gives(
            state::write,
            VerificationState::read,
            "0 none, 1 running, 2 done, 3 failed, 4 stopped",
            "makes equal what differs",
            "Unix milliseconds of its end",
            "why it failed",
            "records",
            "copies to compare",
            "compared",
            "missing",
            "older",
            "other bytes",
            "damaged",
            "records made equal",
            "some of them",
            "one",
            "raw key",
            "server",
            "0 missing, 1 older, 2 other bytes, 3 damaged");
  }

  private static WireEntry view() {
    return WireEntry.of(new GetView())
        .gives(
            new CurrentView(ClusterView.NONE, List.of(SampleBytes.MANAGER), SampleBytes.MANAGER)
                ::write,
            CurrentView::read,
            "view, as below; here none",
            "managers",
            "manager",
            "the one that directs, or nil");
  }

  private static WireEntry noteOrder() {
    return WireEntry.of(
            new NoteOrder(new History.Entry(1, "root@desk", "10.0.0.9:40000", "attach", "done")),
            "one",
            "Unix milliseconds",
            "user and machine",
            "from",
            "order",
            "what came of it")
        .givesNil();
  }

  private static WireEntry history() {
    History.Entry entry = new History.Entry(1, "root@desk", "10.0.0.9:40000", "attach", "done");
    return WireEntry.of(new GetHistory())
        .gives(
            new History(List.of(entry))::write,
            History::read,
            "one",
            "Unix milliseconds",
            "user and machine",
            "from",
            "order",
            "what came of it");
  }

  private static WireEntry items() {
    ItemPage page =
        new ItemPage(
            SampleBytes.SPACE_TIME,
            null,
            List.of(
                new ItemPage.Entry(
                    SampleBytes.key(), false, SampleBytes.TIME, SampleBytes.TIME, 0, 32)));
    return WireEntry.of(
            new ScanItems(null, Unpooled.copiedBuffer("ke", US_ASCII)),
            "raw key to go on behind, or nil",
            "what keys begin with")
        .gives(
            page::write,
            ItemPage::read,
            "ClockTime of the write hash space",
            "raw key that was looked at last, nil at the end",
            "six of each item in turn",
            "raw key",
            "the client gave it in base64",
            "ClockTime",
            "CAS",
            "expiry",
            "bytes of raw key and raw value");
  }

  private static WireEntry snapshot() {
    SnapshotState state =
        new SnapshotState(true, SampleBytes.SPACE_TIME, SampleBytes.TIME, 0, 0, 9, 0, 300, "");
    return WireEntry.of(
            new SnapshotStep(SnapshotStep.Step.OPEN, 0x55, SampleBytes.TIME),
            "1 pause writes, 2 open, 3 resume writes, 4 look, 5 close",
            "random number",
            "milliseconds of 1, ClockTime of 2")
        .gives(
            state::write,
            SnapshotState::read,
            "no write began since 1",
            "ClockTime of the write hash space",
            "clock",
            "ClockTime of the last flush_all",
            "up to which tombstones may be gone",
            "records",
            "damaged ones",
            "bytes kept of what was overwritten",
            "why it is not whole");
  }

  private static WireEntry snapshotPage() {
    SnapshotPage page =
        new SnapshotPage(
            SampleBytes.key(),
            List.of(new SnapshotPage.Entry(SampleBytes.key(), SampleBytes.value())));
    return WireEntry.of(
            new ScanSnapshot(0x55, List.of(SampleBytes.SERVER), null, 0),
            "random number of the snapshot",
            "in place of these, which are gone",
            "server",
            "raw key to go on behind, or nil",
            "only what is newer, tombstones too; 0 for all that clients see")
        .gives(
            page::write,
            SnapshotPage::read,
            "raw key that was looked at last, nil at the end",
            "key and value in turn",
            "raw key",
            "raw value, or a tombstone");
  }

  private static WireEntry scan() {
    RecordPage page =
        new RecordPage(
            SampleBytes.SPACE_TIME,
            null,
            List.of(new RecordPage.Entry(SampleBytes.key(), SampleBytes.value())));
    return WireEntry.of(
            new ScanRecords(null, Unpooled.copiedBuffer("ke", US_ASCII), true),
            "raw key to go on behind, or nil",
            "what keys begin with",
            "with values")
        .gives(
            page::write,
            RecordPage::read,
            "ClockTime of the write hash space",
            "raw key that was looked at last, nil at the end",
            "key and value in turn",
            "raw key",
            "raw value, nil unless wanted");
  }
}
