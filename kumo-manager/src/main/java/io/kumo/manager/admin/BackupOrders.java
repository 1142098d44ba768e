package io.kumo.manager.admin;

import io.kumo.core.log.LogId;
import io.kumo.core.protocol.store.BackupSuffix;
import io.kumo.core.protocol.store.CreateBackup;
import io.kumo.core.protocol.store.CreateBackupOnServer;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Caller;
import io.kumo.core.rpc.Replier;
import io.kumo.manager.control.ManagerContext;
import io.kumo.manager.history.OrderHistory;
import io.kumo.manager.membership.MemberTable;
import io.kumo.manager.session.NodeSessions;
import io.kumo.manager.session.ReplyHandlers;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has every server that is there back up its records. Confined to the manager's loop. */
final class BackupOrders {
  private static final Logger log = LoggerFactory.getLogger(BackupOrders.class);
  private static final long TIMEOUT_NS = Duration.ofHours(1).toNanos();

  private final MemberTable table;
  private final NodeSessions sessions;
  private final OrderHistory history;

  BackupOrders(ManagerContext context, OrderHistory history) {
    this.table = context.table();
    this.sessions = context.sessions();
    this.history = history;
  }

  /** Answers when they have been asked; what came of it is in the log. */
  void backup(CreateBackup message, Caller caller, Replier reply) {
    history.follow(message, caller, reply);
    String objection = BackupSuffix.objection(message.suffix());
    if (objection != null) {
      reply.errorText(objection);
      return;
    }
    CreateBackupOnServer order = new CreateBackupOnServer(message.suffix());
    for (NodeAddress server : table.live().keySet()) {
      sessions
          .peer(server)
          .call(
              order,
              TIMEOUT_NS,
              ReplyHandlers.of(
                  result -> log.info("{} has backed up to {}", server, message.suffix()),
                  (code, detail) ->
                      log.error(
                          LogId.BACKUP_ON_SERVER_FAILED,
                          "{} has not backed up to {}: {}",
                          server,
                          message.suffix(),
                          detail)));
    }
    reply.nil();
  }
}
