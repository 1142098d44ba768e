package io.kumo.core.protocol;

import com.google.errorprone.annotations.Immutable;
import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.core.protocol.admin.DetachFaultServers;
import io.kumo.core.protocol.admin.GetAutoReplace;
import io.kumo.core.protocol.admin.GetMembers;
import io.kumo.core.protocol.admin.GetNodesInfo;
import io.kumo.core.protocol.admin.GetRebalance;
import io.kumo.core.protocol.admin.GetRequestWatch;
import io.kumo.core.protocol.admin.GetServerStatistics;
import io.kumo.core.protocol.admin.GetStatus;
import io.kumo.core.protocol.admin.LoadState;
import io.kumo.core.protocol.admin.MoveManagers;
import io.kumo.core.protocol.admin.SetAutoReplace;
import io.kumo.core.protocol.admin.SetConfig;
import io.kumo.core.protocol.admin.StartReplace;
import io.kumo.core.protocol.desk.AskGateway;
import io.kumo.core.protocol.desk.ChangeConfig;
import io.kumo.core.protocol.desk.ChangeMembers;
import io.kumo.core.protocol.desk.GetConfig;
import io.kumo.core.protocol.desk.GetHistory;
import io.kumo.core.protocol.desk.Introduce;
import io.kumo.core.protocol.desk.NoteOrder;
import io.kumo.core.protocol.desk.ScanItems;
import io.kumo.core.protocol.desk.ScanRecords;
import io.kumo.core.protocol.desk.SetLogLevel;
import io.kumo.core.protocol.desk.SteerRebalance;
import io.kumo.core.protocol.desk.SuspendServer;
import io.kumo.core.protocol.extended.AgreeTombstoneGc;
import io.kumo.core.protocol.extended.ConfirmRecords;
import io.kumo.core.protocol.extended.ExtGet;
import io.kumo.core.protocol.extended.ExtMultiGet;
import io.kumo.core.protocol.extended.Fetch;
import io.kumo.core.protocol.extended.FlushAll;
import io.kumo.core.protocol.extended.Forward;
import io.kumo.core.protocol.extended.GetClock;
import io.kumo.core.protocol.extended.GetItemStatistics;
import io.kumo.core.protocol.extended.GetMoveStatistics;
import io.kumo.core.protocol.extended.GetTombstoneWatermark;
import io.kumo.core.protocol.extended.Handoff;
import io.kumo.core.protocol.extended.HashSpaceReport;
import io.kumo.core.protocol.extended.ListRecords;
import io.kumo.core.protocol.extended.RepairRecord;
import io.kumo.core.protocol.original.Delete;
import io.kumo.core.protocol.original.Get;
import io.kumo.core.protocol.original.GetIfModified;
import io.kumo.core.protocol.original.HashSpacePush;
import io.kumo.core.protocol.original.HashSpaceRequest;
import io.kumo.core.protocol.original.HashSpaceSync;
import io.kumo.core.protocol.original.KeepAlive;
import io.kumo.core.protocol.original.ReadHashSpaceRequest;
import io.kumo.core.protocol.original.ReplaceCopyStart;
import io.kumo.core.protocol.original.ReplaceDeleteStart;
import io.kumo.core.protocol.original.ReplaceElection;
import io.kumo.core.protocol.original.ReplaceEnd;
import io.kumo.core.protocol.original.ReplaceOffer;
import io.kumo.core.protocol.original.ReplicateDelete;
import io.kumo.core.protocol.original.ReplicateSet;
import io.kumo.core.protocol.original.Set;
import io.kumo.core.protocol.original.WriteHashSpaceRequest;
import io.kumo.core.protocol.reload.ReloadFiles;
import io.kumo.core.protocol.repair.DescribeRecords;
import io.kumo.core.protocol.repair.DigestRanges;
import io.kumo.core.protocol.repair.GetVerification;
import io.kumo.core.protocol.repair.GiveWindow;
import io.kumo.core.protocol.repair.Verify;
import io.kumo.core.protocol.snapshot.ScanSnapshot;
import io.kumo.core.protocol.snapshot.SnapshotStep;
import io.kumo.core.protocol.status.GetGateways;
import io.kumo.core.protocol.status.GetNodeStatus;
import io.kumo.core.protocol.status.GetView;
import io.kumo.core.protocol.status.RegisterGateway;
import io.kumo.core.protocol.store.CompactStore;
import io.kumo.core.protocol.store.CreateBackup;
import io.kumo.core.protocol.store.CreateBackupOnServer;
import io.kumo.core.protocol.store.GetStoreUsage;
import io.kumo.core.protocol.votes.AskFirst;
import io.kumo.core.protocol.votes.CommitView;
import io.kumo.core.protocol.votes.ForceView;
import io.kumo.core.protocol.votes.PublishView;
import io.kumo.core.protocol.votes.ReleaseLease;
import io.kumo.core.protocol.votes.ReportHealth;
import io.kumo.core.protocol.votes.RequestLease;
import io.kumo.core.protocol.votes.RequestTerm;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.write.ExtReplicate;
import io.kumo.core.protocol.write.Mutate;
import io.netty.buffer.ByteBuf;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;

/**
 * The one list of messages. Ids below 2^16 are those of kumofs 0.4.13; extended ones carry version
 * 1 in the high half and go only to peers that announced {@link Capabilities#EXTENDED}.
 */
public enum Method {
  /** Manager or server to manager or server, every few seconds. */
  KEEP_ALIVE(0, ConnectionKind.CLUSTER, KeepAlive::decode),
  /** Gateway to manager; server to extended manager, too. */
  HASH_SPACE_REQUEST(1, ConnectionKind.SUBSYSTEM, HashSpaceRequest::decode),
  /** Manager to partner and to servers. */
  HASH_SPACE_SYNC(2, ConnectionKind.CLUSTER, HashSpaceSync::decode),
  /** Manager to every subsystem peer, tools included. */
  HASH_SPACE_PUSH(3, ConnectionKind.SUBSYSTEM, HashSpacePush::decode),
  /** Server to manager. */
  WRITE_HASH_SPACE_REQUEST(4, ConnectionKind.CLUSTER, WriteHashSpaceRequest::decode),
  /** Server to manager. */
  READ_HASH_SPACE_REQUEST(5, ConnectionKind.CLUSTER, ReadHashSpaceRequest::decode),
  /** Manager to server. */
  REPLACE_COPY_START(8, ConnectionKind.CLUSTER, ReplaceCopyStart::decode),
  /** Manager to server. */
  REPLACE_DELETE_START(9, ConnectionKind.CLUSTER, ReplaceDeleteStart::decode),
  /** Server to manager. */
  REPLACE_COPY_END(10, ConnectionKind.CLUSTER, ReplaceEnd::decodeCopy),
  /** Server to manager. */
  REPLACE_DELETE_END(11, ConnectionKind.CLUSTER, ReplaceEnd::decodeDelete),
  /** Manager to partner. */
  REPLACE_ELECTION(12, ConnectionKind.CLUSTER, ReplaceElection::decode),
  /** Server to server; never answered. */
  REPLACE_OFFER(16, ConnectionKind.CLUSTER, ReplaceOffer::decode),
  /** Coordinator to replica. */
  REPLICATE_SET(32, ConnectionKind.CLUSTER, ReplicateSet::decode),
  /** Coordinator to replica. */
  REPLICATE_DELETE(33, ConnectionKind.CLUSTER, ReplicateDelete::decode),
  /** Gateway to server. */
  GET(34, ConnectionKind.SUBSYSTEM, Get::decode),
  /** Gateway to coordinator. */
  SET(35, ConnectionKind.SUBSYSTEM, Set::decode),
  /** Gateway to coordinator. */
  DELETE(36, ConnectionKind.SUBSYSTEM, Delete::decode),
  /** Gateway to server. */
  GET_IF_MODIFIED(37, ConnectionKind.SUBSYSTEM, GetIfModified::decode),
  /** Manager to server. */
  CREATE_BACKUP_ON_SERVER(96, ConnectionKind.CLUSTER, CreateBackupOnServer::decode),
  /** Tool to server. */
  GET_STATUS(97, ConnectionKind.SUBSYSTEM, GetStatus::decode),
  /** Tool to server. */
  SET_CONFIG(98, ConnectionKind.SUBSYSTEM, SetConfig::decode),
  /** Tool to manager. */
  GET_NODES_INFO(99, ConnectionKind.SUBSYSTEM, GetNodesInfo::decode),
  /** Tool to manager. */
  ATTACH_NEW_SERVERS(100, ConnectionKind.SUBSYSTEM, AttachNewServers::decode),
  /** Tool to manager. */
  DETACH_FAULT_SERVERS(101, ConnectionKind.SUBSYSTEM, DetachFaultServers::decode),
  /** Tool to manager. */
  CREATE_BACKUP(102, ConnectionKind.SUBSYSTEM, CreateBackup::decode),
  /** Tool to manager. */
  SET_AUTO_REPLACE(103, ConnectionKind.SUBSYSTEM, SetAutoReplace::decode),
  /** Tool to manager. */
  START_REPLACE(104, ConnectionKind.SUBSYSTEM, StartReplace::decode),

  /** Server to manager. */
  HASH_SPACE_REPORT(1 << 16 | 2, ConnectionKind.CLUSTER, HashSpaceReport::decode),
  /** Manager to server, while a rebalance runs. */
  GET_MOVE_STATISTICS((1 << 16) | 8, ConnectionKind.CLUSTER, GetMoveStatistics::decode),
  /** Server that returns to server. */
  GET_TOMBSTONE_WATERMARK((1 << 16) | 10, ConnectionKind.CLUSTER, GetTombstoneWatermark::decode),
  /** Manager to server, before a flush. */
  GET_CLOCK((1 << 16) | 11, ConnectionKind.CLUSTER, GetClock::decode),
  /** Server to server, before tombstones go. */
  AGREE_TOMBSTONE_GC((1 << 16) | 12, ConnectionKind.CLUSTER, AgreeTombstoneGc::decode),
  /** Former owner to owner. */
  CONFIRM_RECORDS((1 << 16) | 16, ConnectionKind.CLUSTER, ConfirmRecords::decode),
  /** Former owner to owner. */
  HANDOFF((1 << 16) | 17, ConnectionKind.CLUSTER, Handoff::decode),
  /** Replica to coordinator: its record is damaged. */
  REPAIR_RECORD((1 << 16) | 18, ConnectionKind.CLUSTER, RepairRecord::decodeRepair),
  /** Coordinator to replica, fenced. */
  EXT_REPLICATE((1 << 16) | 32, ConnectionKind.CLUSTER, ExtReplicate::decode),
  /** Gateway to coordinator: a linearizable read. */
  EXT_GET((1 << 16) | 34, ConnectionKind.SUBSYSTEM, ExtGet::decode),
  /** Gateway to coordinator: any write, with a request id. */
  MUTATE((1 << 16) | 35, ConnectionKind.SUBSYSTEM, Mutate::decode),
  /** Gateway to coordinator: many linearizable reads at once. */
  EXT_MULTI_GET((1 << 16) | 38, ConnectionKind.SUBSYSTEM, ExtMultiGet::decode),
  /** Gateway to coordinator: a read went past it. */
  COMPARE_RECORD((1 << 16) | 39, ConnectionKind.SUBSYSTEM, RepairRecord::decodeCompare),
  /** Coordinator to replica, fenced: which records it has. */
  LIST_RECORDS((1 << 16) | 37, ConnectionKind.CLUSTER, ListRecords::decode),
  /** Coordinator to replica, fenced: what it has of a key. */
  FETCH((1 << 16) | 36, ConnectionKind.CLUSTER, Fetch::decode),
  /** Server to server, fenced: what all records of some ranges come to. */
  DIGEST_RANGES((1 << 16) | 40, ConnectionKind.CLUSTER, DigestRanges::decode),
  /** Server that has copied records to their new owner: by which requests they came to be. */
  GIVE_WINDOW((1 << 16) | 41, ConnectionKind.CLUSTER, GiveWindow::decode),
  /** Tool to server. */
  COMPACT_STORE((1 << 16) | 120, ConnectionKind.SUBSYSTEM, CompactStore::decode),
  /** Tool to server. */
  GET_STORE_USAGE((1 << 16) | 121, ConnectionKind.SUBSYSTEM, GetStoreUsage::decode),
  /** Gateway to server. */
  GET_ITEM_STATISTICS((1 << 16) | 122, ConnectionKind.SUBSYSTEM, GetItemStatistics::decode),
  /** Tool to server; manager to server, while somebody looks at its console. */
  GET_SERVER_STATISTICS((1 << 16) | 123, ConnectionKind.SUBSYSTEM, GetServerStatistics::decode),
  /** Tool to server. */
  GET_REQUEST_WATCH((1 << 16) | 124, ConnectionKind.SUBSYSTEM, GetRequestWatch::decode),
  /** Tool, or server that verifies, to server. */
  DESCRIBE_RECORDS((1 << 16) | 42, ConnectionKind.SUBSYSTEM, DescribeRecords::decode),
  /** Tool to server. */
  VERIFY((1 << 16) | 126, ConnectionKind.SUBSYSTEM, Verify::decode),
  /** Tool to server. */
  GET_VERIFICATION((1 << 16) | 127, ConnectionKind.SUBSYSTEM, GetVerification::decode),
  /** Tool to server or manager. */
  GET_NODE_STATUS((1 << 16) | 125, ConnectionKind.SUBSYSTEM, GetNodeStatus::decode),
  /** Gateway to manager. */
  REGISTER_GATEWAY((1 << 16) | 113, ConnectionKind.SUBSYSTEM, RegisterGateway::decode),
  /** Tool to manager. */
  GET_GATEWAYS((1 << 16) | 114, ConnectionKind.SUBSYSTEM, GetGateways::decode),
  /** Tool to manager. */
  GET_VIEW((1 << 16) | 115, ConnectionKind.SUBSYSTEM, GetView::decode),
  /** Tool to manager. */
  INTRODUCE((1 << 16) | 101, ConnectionKind.SUBSYSTEM, Introduce::decode),
  /** Manager to partner. */
  NOTE_ORDER((1 << 16) | 94, ConnectionKind.CLUSTER, NoteOrder::decode),
  /** Tool to manager; manager to partner. */
  GET_HISTORY((1 << 16) | 102, ConnectionKind.SUBSYSTEM, GetHistory::decode),
  /** Tool to server. */
  SCAN_RECORDS((1 << 16) | 107, ConnectionKind.SUBSYSTEM, ScanRecords::decode),
  /** Gateway to server, when a client wants to know all keys. */
  SCAN_ITEMS((1 << 16) | 117, ConnectionKind.SUBSYSTEM, ScanItems::decode),
  /** Tool to server, as it makes a backup. */
  SNAPSHOT_STEP((1 << 16) | 108, ConnectionKind.SUBSYSTEM, SnapshotStep::decode),
  /** Tool to server, as it makes a backup. */
  SCAN_SNAPSHOT((1 << 16) | 109, ConnectionKind.SUBSYSTEM, ScanSnapshot::decode),
  /** Tool to server or manager; manager to gateway. */
  SET_LOG_LEVEL((1 << 16) | 106, ConnectionKind.SUBSYSTEM, SetLogLevel::decode),
  /** Tool to manager. */
  CHANGE_MEMBERS((1 << 16) | 100, ConnectionKind.SUBSYSTEM, ChangeMembers::decode),
  /** Tool to manager: a question for a gateway that has come to it. */
  ASK_GATEWAY((1 << 16) | 95, ConnectionKind.SUBSYSTEM, AskGateway::decode),
  /** Tool to server or manager; manager to gateway. */
  GET_CONFIG((1 << 16) | 96, ConnectionKind.SUBSYSTEM, GetConfig::decode),
  /** Tool to server or manager; manager to gateway. */
  CHANGE_CONFIG((1 << 16) | 97, ConnectionKind.SUBSYSTEM, ChangeConfig::decode),
  /** Tool to manager. */
  STEER_REBALANCE((1 << 16) | 118, ConnectionKind.SUBSYSTEM, SteerRebalance::decode),
  /** Tool to manager. */
  SUSPEND_SERVER((1 << 16) | 98, ConnectionKind.SUBSYSTEM, SuspendServer::decode),
  /** Tool to manager. */
  GET_MEMBERS((1 << 16) | 112, ConnectionKind.SUBSYSTEM, GetMembers::decode),
  /** Manager to the partner that directs. */
  FORWARD((1 << 16) | 99, ConnectionKind.CLUSTER, Forward::decode),
  /** Tool to manager. */
  GET_AUTO_REPLACE((1 << 16) | 103, ConnectionKind.SUBSYSTEM, GetAutoReplace::decode),
  /** Tool to manager. */
  GET_REBALANCE((1 << 16) | 104, ConnectionKind.SUBSYSTEM, GetRebalance::decode),
  /** Gateway to manager. */
  FLUSH_ALL((1 << 16) | 105, ConnectionKind.SUBSYSTEM, FlushAll::decode),
  /** Tool to manager. */
  MOVE_MANAGERS((1 << 16) | 110, ConnectionKind.SUBSYSTEM, MoveManagers::decode),
  /** Tool to manager. */
  LOAD_STATE((1 << 16) | 111, ConnectionKind.SUBSYSTEM, LoadState::decode),
  /** Tool to manager or server. */
  RELOAD_FILES((1 << 16) | 119, ConnectionKind.SUBSYSTEM, ReloadFiles::decode),
  /** Manager to voter, before it asks for a term. */
  ASK_FIRST((1 << 16) | 64, ConnectionKind.CLUSTER, AskFirst::decode),
  /** Manager to voter. */
  REQUEST_TERM((1 << 16) | 65, ConnectionKind.CLUSTER, RequestTerm::decode),
  /** Director to servers and partner. */
  PUBLISH_VIEW((1 << 16) | 66, ConnectionKind.CLUSTER, PublishView::decode),
  /** Director to servers and partner. */
  COMMIT_VIEW((1 << 16) | 67, ConnectionKind.CLUSTER, CommitView::decode),
  /** Server to voter. */
  REQUEST_LEASE((1 << 16) | 68, ConnectionKind.CLUSTER, RequestLease::decode),
  /** Server that stops to voter. */
  RELEASE_LEASE((1 << 16) | 69, ConnectionKind.CLUSTER, ReleaseLease::decode),
  /** Server to managers that keep votes. */
  REPORT_HEALTH((1 << 16) | 70, ConnectionKind.CLUSTER, ReportHealth::decode),
  /** kumoctl to a manager. */
  FORCE_VIEW((1 << 16) | 116, ConnectionKind.SUBSYSTEM, ForceView::decode);

  @Immutable
  private interface Decoder {
    Message decode(ByteBuf params) throws MalformedMessageException;
  }

  private static final int VERSIONS = 2;
  private static final int MAX_NUMBER = 127;
  private static final @Nullable Method[] BY_ID = new @Nullable Method[VERSIONS << 7];

  private static final java.util.Set<Method> ABOUT_RECORDS =
      EnumSet.of(
          REPLACE_OFFER,
          REPLICATE_SET,
          REPLICATE_DELETE,
          GET,
          SET,
          DELETE,
          GET_IF_MODIFIED,
          CONFIRM_RECORDS,
          HANDOFF,
          REPAIR_RECORD,
          EXT_REPLICATE,
          EXT_GET,
          MUTATE,
          EXT_MULTI_GET,
          COMPARE_RECORD,
          LIST_RECORDS,
          FETCH,
          DIGEST_RANGES,
          DESCRIBE_RECORDS,
          SCAN_RECORDS,
          SCAN_ITEMS,
          SCAN_SNAPSHOT,
          GIVE_WINDOW);

  private static final java.util.Set<Method> ON_BOTH =
      EnumSet.of(HASH_SPACE_REQUEST, GET_SERVER_STATISTICS, DESCRIBE_RECORDS, GET_HISTORY);

  static {
    for (Method method : values()) {
      if (BY_ID[index(method.id)] != null) {
        throw new IllegalStateException(method + " has the id of " + BY_ID[index(method.id)]);
      }
      BY_ID[index(method.id)] = method;
    }
  }

  private final int id;
  private final ConnectionKind kind;
  private final Decoder decoder;

  Method(int id, ConnectionKind kind, Decoder decoder) {
    this.id = id;
    this.kind = kind;
    this.decoder = decoder;
  }

  /** As on the wire: version in the high half, number in the low half. */
  public int id() {
    return id;
  }

  /** Whether only extended peers know it. */
  public boolean isExtended() {
    return id >>> 16 != 0;
  }

  /**
   * Whether it is about records: there may be any number of these, and they wait their turn. All
   * others are control messages, which are few and wait for nothing.
   */
  public boolean isAboutRecords() {
    return ABOUT_RECORDS.contains(this);
  }

  /**
   * On the other kind of connection the method counts as unknown. Some are asked for on both:
   * extended servers want what gateways are given, and managers and servers what tools are told, by
   * the connection that they have.
   */
  public boolean allowedOn(ConnectionKind connection) {
    return kind == connection || ON_BOTH.contains(this);
  }

  /**
   * Reads the parameters; elements beyond the expected ones are ignored.
   *
   * @param params borrowed, at the array of parameters; the message's buffers are slices of it
   * @throws MalformedMessageException if they are too few or of a wrong type
   */
  public Message decode(ByteBuf params) throws MalformedMessageException {
    return decoder.decode(params);
  }

  public static @Nullable Method byId(int id) {
    boolean possible = (id & 0xffff) <= MAX_NUMBER && id >>> 16 < VERSIONS;
    return possible ? BY_ID[index(id)] : null;
  }

  private static int index(int id) {
    return ((id >>> 16) << 7) | (id & MAX_NUMBER);
  }
}
