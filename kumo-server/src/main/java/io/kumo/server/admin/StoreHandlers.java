package io.kumo.server.admin;

import io.kumo.core.log.LogId;
import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.store.BackupSuffix;
import io.kumo.core.protocol.store.CompactStore;
import io.kumo.core.protocol.store.CreateBackupOnServer;
import io.kumo.core.protocol.store.GetStoreUsage;
import io.kumo.core.protocol.store.StoreTask;
import io.kumo.core.protocol.store.StoreUsage;
import io.kumo.core.rpc.Caller;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.Replier;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.transport.Transport;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.StoreStatistics;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Backs the store up, compacts it, and tells what it takes up. The work blocks, so it is done by an
 * executor of its own, one backup or compact at a time; everything else here is confined to the
 * main loop.
 */
public final class StoreHandlers {
  private static final Logger log = LoggerFactory.getLogger(StoreHandlers.class);

  private final RpcEndpoint endpoint;
  private final Transport main;
  private final Store store;
  private final Path path;
  private final Executor executor;
  private volatile StoreTask task = StoreTask.NONE;

  /** Work on a store that blocks. */
  private interface Work {
    /** Returns where the result is, or nothing. */
    String run();
  }

  /**
   * @param path of the store's directory; backups are its neighbours
   * @param executor of at least two threads, so that statistics can be had while a backup runs
   */
  public StoreHandlers(RpcEndpoint endpoint, Store store, Path path, Executor executor) {
    this.endpoint = endpoint;
    this.main = endpoint.transport();
    this.store = store;
    this.path = path;
    this.executor = executor;
  }

  public void register() {
    endpoint.handle(Method.CREATE_BACKUP_ON_SERVER, CreateBackupOnServer.class, this::backup);
    endpoint.handle(Method.COMPACT_STORE, CompactStore.class, (m, caller, reply) -> compact(reply));
    endpoint.handle(
        Method.GET_STORE_USAGE, GetStoreUsage.class, (m, caller, reply) -> usage(reply));
  }

  private void backup(CreateBackupOnServer message, Caller caller, Replier reply) {
    String objection = BackupSuffix.objection(message.suffix());
    if (objection == null) {
      objection = busy();
    }
    if (objection != null) {
      log.error(LogId.BACKUP_REFUSED, "no backup: {}", objection);
      refuse(caller, reply, objection);
      return;
    }
    String name = "backup " + message.suffix();
    start(
        name,
        () -> BackupPlace.of(path, message.suffix()).fill(store),
        () -> {
          if (task.state() == StoreTask.DONE) {
            reply.bool(true);
          } else {
            refuse(caller, reply, task.detail());
          }
        });
  }

  /** A manager of kumofs 0.4.13 knows one kind of failure. */
  private static void refuse(Caller caller, Replier reply, String reason) {
    Peer manager = caller.node();
    if (manager != null && Capabilities.isExtended(manager.capabilities())) {
      reply.errorText(reason);
    } else {
      reply.errorTrue();
    }
  }

  private void compact(Replier reply) {
    String objection = busy();
    if (objection != null) {
      reply.errorText(objection);
      return;
    }
    start("compact", this::compactStore, () -> {});
    reply.bool(true);
  }

  private String compactStore() {
    store.compact(
        (files, allFiles) ->
            task = new StoreTask("compact", StoreTask.RUNNING, files, allFiles, ""));
    return "";
  }

  private String busy() {
    return task.state() == StoreTask.RUNNING ? task.name() + " is still running" : null;
  }

  private void start(String name, Work work, Runnable ended) {
    task = new StoreTask(name, StoreTask.RUNNING, 0, 1, "");
    log.info("{} begins", name);
    try {
      executor.execute(() -> runToAnEnd(name, work, ended));
    } catch (RejectedExecutionException e) {
      end(failed("the server has too much else to do"), ended);
    }
  }

  /** Whatever happens, the task does not count as running for ever. */
  private void runToAnEnd(String name, Work work, Runnable ended) {
    StoreTask outcome = failed("a bug; the server's log has it");
    try {
      outcome = run(name, work);
    } finally {
      StoreTask last = outcome;
      main.execute(() -> end(last, ended));
    }
  }

  private void end(StoreTask last, Runnable ended) {
    task = last;
    ended.run();
  }

  private StoreTask failed(String reason) {
    return new StoreTask(task.name(), StoreTask.FAILED, task.done(), task.total(), reason);
  }

  private StoreTask run(String name, Work work) {
    try {
      String result = work.run();
      log.info("{} is done {}", name, result);
      int total = task.total();
      return new StoreTask(name, StoreTask.DONE, total, total, result);
    } catch (StoreException e) {
      String reason = String.valueOf(e.getMessage());
      log.error(LogId.STORE_TASK_FAILED, "{} failed: {}", name, reason);
      return failed(reason);
    }
  }

  private void usage(Replier reply) {
    try {
      executor.execute(
          () -> {
            answerUsage(reply);
          });
    } catch (RejectedExecutionException e) {
      reply.errorText("the server is asked too often");
    }
  }

  private void answerUsage(Replier reply) {
    try {
      StoreStatistics now = store.statistics();
      main.execute(() -> usage(now).write(reply.begin()));
    } catch (StoreException e) {
      log.error(LogId.NO_STATISTICS, "no statistics: {}", e.getMessage());
      main.execute(() -> reply.errorText(String.valueOf(e.getMessage())));
    }
  }

  private StoreUsage usage(StoreStatistics now) {
    return new StoreUsage(
        now.liveCount(),
        now.tombstoneCount(),
        now.liveBytes(),
        now.tombstoneBytes(),
        now.fileBytes(),
        now.freeBytes(),
        now.logBytes(),
        now.damagedCount(),
        task);
  }
}
