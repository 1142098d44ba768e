package io.kumo.core.protocol.page;

import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.core.protocol.admin.GetAutoReplace;
import io.kumo.core.protocol.admin.GetMembers;
import io.kumo.core.protocol.admin.GetRebalance;
import io.kumo.core.protocol.admin.GetRequestWatch;
import io.kumo.core.protocol.admin.GetServerStatistics;
import io.kumo.core.protocol.admin.LoadState;
import io.kumo.core.protocol.admin.Members;
import io.kumo.core.protocol.admin.MoveManagers;
import io.kumo.core.protocol.admin.RebalanceState;
import io.kumo.core.protocol.admin.RequestWatch;
import io.kumo.core.protocol.admin.ServerStatistics;
import io.kumo.core.protocol.extended.AgreeTombstoneGc;
import io.kumo.core.protocol.extended.FlushAll;
import io.kumo.core.protocol.extended.Forward;
import io.kumo.core.protocol.extended.GetClock;
import io.kumo.core.protocol.extended.GetItemStatistics;
import io.kumo.core.protocol.extended.GetMoveStatistics;
import io.kumo.core.protocol.extended.GetTombstoneWatermark;
import io.kumo.core.protocol.extended.HashSpaceReport;
import io.kumo.core.protocol.extended.ItemStatistics;
import io.kumo.core.protocol.extended.MoveStatistics;
import io.kumo.core.protocol.reload.ReloadFiles;
import io.kumo.core.protocol.reload.ReloadedFiles;
import io.kumo.core.protocol.store.CompactStore;
import io.kumo.core.protocol.store.GetStoreUsage;
import io.kumo.core.protocol.store.StoreTask;
import io.kumo.core.protocol.store.StoreUsage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Messages of managers and tools. */
final class ClusterMessages {
  private static final String[] MOVED = {"scanned", "of", "moved", "bytes"};

  private ClusterMessages() {}

  static List<WireEntry> all() {
    return List.of(
        report(),
        WireEntry.of(new GetMoveStatistics())
            .gives(new MoveStatistics(1, 2, 3, 4)::write, MoveStatistics::read, MOVED),
        WireEntry.of(new GetTombstoneWatermark())
            .givesNumber("ClockTime up to which tombstones were dropped; 0 for never"),
        WireEntry.of(
                new AgreeTombstoneGc(SampleBytes.SPACE_TIME, SampleBytes.TIME),
                "ClockTime of the sender's write hash space",
                "ClockTime of the newest tombstone that is to go")
            .givesBool("all replicas of its keys have what was written until then"),
        WireEntry.of(new GetClock())
            .givesNumber("ClockTime, not less than that of any record that it has"),
        forward(),
        WireEntry.of(new GetAutoReplace()).givesBool("rebalances by itself"),
        rebalance(),
        WireEntry.of(
                new FlushAll(SampleBytes.TIME >>> 32, 10),
                "unix seconds, 0 for now",
                "delay in seconds, which goes before; left out without one")
            .givesBool("done"),
        moveManagers(),
        loadState(),
        members(),
        WireEntry.of(new CompactStore()).givesBool("begun"),
        WireEntry.of(new ReloadFiles())
            .gives(
                new ReloadedFiles(false, List.of("the cluster's secret: reloaded"))::write,
                ReloadedFiles::read,
                "whether any of them stayed as it was",
                "what there is to reload",
                "one of these, and what became of it"),
        usage(),
        WireEntry.of(new GetItemStatistics())
            .gives(
                new ItemStatistics(1, 2, 3, 4)::write,
                ItemStatistics::read,
                "items that it coordinates",
                "bytes of their keys and values",
                "bytes to spare on its disk",
                "expired records dropped since the start"),
        statistics(),
        watch());
  }

  private static WireEntry report() {
    return WireEntry.of(
            new HashSpaceReport(SampleBytes.VIEW, true, SampleBytes.TIME),
            "what managers distribute",
            "write hash space",
            "nodes",
            "ClockTime",
            "read hash space",
            "nodes",
            "ClockTime",
            "stopped in order",
            "clock",
            "whether the store has never been part of a cluster")
        .givesNil();
  }

  private static WireEntry forward() {
    ByteBuf params = Unpooled.buffer();
    new AttachNewServers(true, true).encode(params);
    return WireEntry.of(
            new Forward(Method.ATTACH_NEW_SERVERS.id(), params),
            "method",
            "its parameters",
            "rebalance at once",
            "in spite of what the manager objects to; left out without")
        .givesNil();
  }

  private static WireEntry rebalance() {
    MoveStatistics part = new MoveStatistics(1, 2, 3, 4);
    RebalanceState state =
        new RebalanceState(
            RebalanceState.COPYING,
            RebalanceState.NONE,
            SampleBytes.TIME,
            false,
            part,
            List.of(SampleBytes.SERVER),
            MoveStatistics.NONE);
    return WireEntry.of(new GetRebalance())
        .gives(
            state::write,
            RebalanceState::read,
            "phase: 0 none, 1 copying, 2 deleting",
            "the last one: 0 none, 1 finished, 2 abandoned, 3 cancelled",
            "ClockTime that names it",
            "full",
            "all servers together",
            MOVED[0],
            MOVED[1],
            MOVED[2],
            MOVED[3],
            "waits for",
            "server",
            "the copy phase, once it has ended",
            MOVED[0],
            MOVED[1],
            MOVED[2],
            MOVED[3]);
  }

  private static WireEntry moveManagers() {
    return WireEntry.of(new MoveManagers(List.of(SampleBytes.MANAGER)), "one or two", "manager")
        .givesNil();
  }

  private static WireEntry loadState() {
    return WireEntry.of(
            new LoadState(SampleBytes.VIEW, false, null),
            "what managers distribute",
            "write hash space",
            "nodes",
            "ClockTime",
            "read hash space",
            "nodes",
            "ClockTime",
            "although the manager knows newer ones",
            "rebalance automatically; nil to leave that as it is")
        .givesNil();
  }

  private static WireEntry members() {
    Members.Member member = new Members.Member(SampleBytes.SERVER, true, true, true, false, 0x22);
    return WireEntry.of(new GetMembers())
        .gives(
            new Members(List.of(member))::write,
            Members::read,
            "server",
            "address",
            "attached",
            "active",
            "connected",
            "kept out by its clock",
            "incarnation, 0 when none is connected");
  }

  private static WireEntry usage() {
    StoreTask task = new StoreTask("compact", StoreTask.RUNNING, 1, 8, "");
    return WireEntry.of(new GetStoreUsage())
        .gives(
            new StoreUsage(1, 2, 3, 4, 5, 6, 7, 8, task)::write,
            StoreUsage::read,
            "live records",
            "tombstones",
            "bytes of live records",
            "bytes of tombstones",
            "bytes of the data files",
            "of these, free",
            "bytes of the redo log",
            "records found damaged and not repaired",
            "long work",
            "name: compact, or backup SUFFIX",
            "0 none, 1 running, 2 done, 3 failed",
            "steps done",
            "of",
            "where a backup is, or why it failed");
  }

  private static WireEntry statistics() {
    ServerStatistics values =
        new ServerStatistics(new TreeMap<>(Map.of(ServerStatistics.BUGS, 0L)));
    return WireEntry.of(new GetServerStatistics())
        .gives(
            values::write,
            ServerStatistics::read,
            "one number",
            "name, of metrics.md: " + ServerStatistics.BUGS,
            "value");
  }

  private static WireEntry watch() {
    RequestWatch seen =
        new RequestWatch(
            60,
            List.of(new RequestWatch.Hot("a", 9, 1)),
            List.of(new RequestWatch.Large("b", 1 << 20)),
            List.of(new RequestWatch.Slow(1, "c", 5, 6)));
    return WireEntry.of(new GetRequestWatch())
        .gives(
            seen::write,
            RequestWatch::read,
            "seconds that the counts are of",
            "asked for most",
            "one",
            "start of its key",
            "reads",
            "writes",
            "large values",
            "one",
            "start of its key",
            "bytes",
            "slow writes",
            "one",
            "unix milliseconds",
            "start of its key",
            "bytes",
            "microseconds");
  }
}
