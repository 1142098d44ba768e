package io.kumo.server.view;

import io.kumo.core.log.LogId;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.extended.HashSpaceReport;
import io.kumo.core.protocol.votes.InstalledSpaces;
import io.kumo.core.protocol.votes.ViewCodec;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.view.ClusterView;
import io.kumo.server.store.Store;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a server keeps beside its records: the hash spaces it accepted, and whether it stopped in an
 * orderly way.
 */
public final class ServerState {
  private static final Logger log = LoggerFactory.getLogger(ServerState.class);
  private static final String VIEW = "hash-spaces";
  private static final String VOTED = "view";
  private static final String STOPPED = "stopped";
  private static final byte[] CLEANLY = {1};
  private static final byte[] NOT = {0};

  private final Store store;
  private boolean clean;
  private boolean isNew;

  public ServerState(Store store) {
    this.store = store;
    byte[] bytes = store.state(STOPPED);
    this.isNew = store.state(VIEW) == null;
    this.clean = bytes != null && bytes.length == 1 && bytes[0] == CLEANLY[0];
  }

  /**
   * The hash spaces accepted last; empty when there are none, or none that can be read.
   *
   * @param voted what {@link #loadVoted} has found, or nothing for a server that does not vote
   */
  public PublishedSpaces loadView(ClusterView voted) {
    if (!voted.isNone() && voted.settings().votes()) {
      return InstalledSpaces.of(voted);
    }
    byte[] bytes = store.state(VIEW);
    if (bytes == null) {
      return PublishedSpaces.EMPTY;
    }
    try {
      return PublishedSpaces.read(Unpooled.wrappedBuffer(bytes));
    } catch (MalformedMessageException e) {
      log.warn(
          LogId.VIEW_UNREADABLE,
          "the saved hash spaces cannot be read, asking the managers: {}",
          e.getMessage());
      return PublishedSpaces.EMPTY;
    }
  }

  /** The committed view that was installed last; the one of no view when there is none. */
  public ClusterView loadVoted() {
    byte[] bytes = store.state(VOTED);
    if (bytes == null) {
      return ClusterView.NONE;
    }
    try {
      return ViewCodec.read(Unpooled.wrappedBuffer(bytes));
    } catch (MalformedMessageException e) {
      log.warn("the saved view cannot be read, asking the managers: {}", e.getMessage());
      return ClusterView.NONE;
    }
  }

  /**
   * Saves what is to be installed.
   *
   * @param voted the committed view that the hash spaces are of; that of no view for none
   * @param durable run on the loop when a crash would not have it forget them
   */
  public void save(PublishedSpaces view, ClusterView voted, Executor loop, Runnable durable) {
    ByteBuf spaces = Unpooled.buffer();
    view.write(spaces);
    if (voted.isNone()) {
      put(VIEW, spaces, loop, durable);
      return;
    }
    // A build that knows no votes starts with the hash spaces.
    ByteBuf whole = Unpooled.buffer();
    ViewCodec.write(whole, voted);
    put(VIEW, spaces, loop, () -> put(VOTED, whole, loop, durable));
  }

  private void put(String name, ByteBuf bytes, Executor loop, Runnable durable) {
    store.putState(
        name,
        ByteBufUtil.getBytes(bytes),
        loop,
        failure -> {
          if (failure == null) {
            durable.run();
          } else {
            log.warn(
                LogId.VIEW_NOT_SAVED,
                "hash spaces are not taken, as they cannot be saved: {}",
                failure.getMessage());
          }
        });
  }

  /** Another view is installed: by one that calls this process active its records are whole. */
  public void viewInstalled(boolean active) {
    clean |= active;
    isNew &= !active;
  }

  /** Whether this server's records can be relied on to be whole: see {@link HashSpaceReport}. */
  public boolean isClean() {
    return clean;
  }

  /**
   * Whether the store was empty of any view when the process began, and nothing has named it since.
   */
  public boolean isNew() {
    return isNew;
  }

  /** From now on a crash is seen by the next process. Blocks. */
  public void markRunning() {
    store.putState(STOPPED, NOT);
  }

  /**
   * Notes that this process ends in an orderly way.
   *
   * @param noted run on the loop when that is durable, or cannot be
   */
  public void markStopped(Executor loop, Runnable noted) {
    store.putState(STOPPED, CLEANLY, loop, failure -> noted.run());
  }
}
