package io.kumo.server.rpc;

import io.kumo.core.clock.HybridClock;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.admin.GetStatus;
import io.kumo.core.protocol.admin.SetConfig;
import io.kumo.core.protocol.extended.GetClock;
import io.kumo.core.protocol.original.HashSpaceSync;
import io.kumo.core.protocol.original.KeepAlive;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.rpc.Caller;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.Replier;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcException;
import io.kumo.server.admin.StatusReport;
import io.kumo.server.lifecycle.ManagerContact;
import io.kumo.server.view.ViewHolder;

/**
 * Answers what is not about records: heartbeats, hash spaces, status and settings. Main loop only.
 */
public final class ControlHandlers {
  private final RpcEndpoint endpoint;
  private final ViewHolder spaces;
  private final HybridClock clock;
  private final StatusReport status;
  private final ManagerContact contact;
  private final ManagerLinks managers;

  public ControlHandlers(
      RpcEndpoint endpoint,
      ViewHolder spaces,
      HybridClock clock,
      StatusReport status,
      ManagerContact contact,
      ManagerLinks managers) {
    this.endpoint = endpoint;
    this.spaces = spaces;
    this.clock = clock;
    this.status = status;
    this.contact = contact;
    this.managers = managers;
  }

  public void register() {
    endpoint.handle(Method.KEEP_ALIVE, KeepAlive.class, this::keepAlive);
    endpoint.handle(Method.HASH_SPACE_SYNC, HashSpaceSync.class, this::sync);
    endpoint.handle(
        Method.GET_STATUS,
        GetStatus.class,
        (m, caller, reply) -> status.write(m.command(), reply.begin()));
    endpoint.handle(
        Method.GET_CLOCK, GetClock.class, (m, caller, reply) -> reply.unsigned(clock.next()));
    endpoint.handle(Method.SET_CONFIG, SetConfig.class, (m, caller, reply) -> set(m, reply));
  }

  private void keepAlive(KeepAlive message, Caller caller, Replier replier) {
    clock.observeMessageClock(message.clock());
    Peer node = caller.node();
    if (node != null && node.role() == Role.MANAGER) {
      TimeSource time = endpoint.transport().time();
      long writeClockTime = spaces.current().write().clockTime();
      if (contact.heard(message, writeClockTime, time.unixMillis(), time.nanoTime())) {
        managers.askForSpaces(node);
      } else if (message.isBehind(writeClockTime)) {
        managers.foundBehind(node);
      }
    }
    if (node != null && Capabilities.isExtended(node.capabilities())) {
      replier.unsigned(endpoint.transport().time().unixMillis());
    } else {
      replier.nil();
    }
  }

  private void sync(HashSpaceSync message, Caller caller, Replier replier) {
    clock.observeMessageClock(message.clock());
    Peer node = caller.node();
    boolean fromManager = node != null && node.role() == Role.MANAGER;
    if (spaces.offer(message.view(), fromManager ? caller : null)) {
      spaces.afterInstall(() -> replier.bool(true));
    } else {
      replier.nil();
    }
  }

  private void set(SetConfig message, Replier replier) throws RpcException {
    if (message.command() != SetConfig.TCP_NODELAY) {
      throw new RpcException(ErrorCode.PROTOCOL, "unknown setting " + message.command());
    }
    boolean noDelay;
    try {
      noDelay = MsgPack.readBool(message.argument());
    } catch (MalformedMessageException e) {
      throw new RpcException(ErrorCode.PROTOCOL, e.getMessage());
    }
    replier.unsigned(endpoint.setNoDelay(noDelay));
  }
}
