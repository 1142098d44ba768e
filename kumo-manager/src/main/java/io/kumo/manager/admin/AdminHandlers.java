package io.kumo.manager.admin;

import io.kumo.core.log.LogId;
import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.core.protocol.admin.DetachFaultServers;
import io.kumo.core.protocol.admin.GetAutoReplace;
import io.kumo.core.protocol.admin.GetMembers;
import io.kumo.core.protocol.admin.GetNodesInfo;
import io.kumo.core.protocol.admin.GetRebalance;
import io.kumo.core.protocol.admin.LoadState;
import io.kumo.core.protocol.admin.MoveManagers;
import io.kumo.core.protocol.admin.NodesInfo;
import io.kumo.core.protocol.admin.SetAutoReplace;
import io.kumo.core.protocol.admin.StartReplace;
import io.kumo.core.protocol.desk.ChangeMembers;
import io.kumo.core.protocol.desk.SteerRebalance;
import io.kumo.core.protocol.desk.SuspendServer;
import io.kumo.core.protocol.extended.FlushAll;
import io.kumo.core.protocol.original.HashSpaceRequest;
import io.kumo.core.protocol.store.CreateBackup;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Caller;
import io.kumo.core.rpc.Replier;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcException;
import io.kumo.manager.control.AutoRebalance;
import io.kumo.manager.control.CopyOrders;
import io.kumo.manager.control.HashSpacePublisher;
import io.kumo.manager.control.ManagerContext;
import io.kumo.manager.control.Membership;
import io.kumo.manager.election.PartnerSync;
import io.kumo.manager.healing.Suspensions;
import io.kumo.manager.history.OrderHistory;
import io.kumo.manager.membership.MemberTable;
import io.kumo.manager.view.ClusterState;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What kumoctl and gateways ask of a manager. What changes the cluster is done by the manager that
 * directs; the other one forwards it. Confined to the manager's loop.
 */
public final class AdminHandlers {
  private static final Logger log = LoggerFactory.getLogger(AdminHandlers.class);

  /** The requests that the partner may have to carry out. */
  public static final Set<Method> FORWARDED =
      Set.of(
          Method.ATTACH_NEW_SERVERS,
          Method.DETACH_FAULT_SERVERS,
          Method.START_REPLACE,
          Method.SET_AUTO_REPLACE,
          Method.GET_AUTO_REPLACE,
          Method.GET_REBALANCE,
          Method.GET_MEMBERS,
          Method.FLUSH_ALL,
          Method.CHANGE_MEMBERS,
          Method.STEER_REBALANCE,
          Method.SUSPEND_SERVER,
          Method.MOVE_MANAGERS,
          Method.LOAD_STATE);

  private final MemberTable table;
  private final PartnerSync partner;
  private final Membership membership;
  private final AutoRebalance autoReplace;
  private final FlushControl flushes;
  private final HashSpacePublisher publisher;
  private final ClusterState state;
  private final StateHandlers stateOrders;
  private final ClusterReport report;
  private final LayoutOrders layout;
  private final BackupOrders backups;
  private final OrderHistory history;
  private final PartnerForwarding forwarding;
  private final Suspensions suspensions;
  private final SteeringOrders steering;

  public AdminHandlers(
      ManagerContext context,
      AutoRebalance autoReplace,
      Suspensions suspensions,
      FlushControl flushes,
      StateHandlers stateOrders,
      CopyOrders copies,
      OrderHistory history) {
    this.suspensions = suspensions;
    this.steering = new SteeringOrders(context);
    this.flushes = flushes;
    this.table = context.table();
    this.partner = context.partner();
    this.membership = context.membership();
    this.publisher = context.publisher();
    this.state = context.state();
    this.autoReplace = autoReplace;
    this.stateOrders = stateOrders;
    this.report = new ClusterReport(context);
    this.history = history;
    this.layout = new LayoutOrders(context, autoReplace, copies);
    this.backups = new BackupOrders(context, history);
    this.forwarding = new PartnerForwarding(context);
  }

  public void register(RpcEndpoint endpoint) {
    endpoint.handle(Method.HASH_SPACE_REQUEST, HashSpaceRequest.class, this::hashSpaces);
    endpoint.handle(Method.GET_NODES_INFO, GetNodesInfo.class, this::nodes);
    endpoint.handle(Method.CREATE_BACKUP, CreateBackup.class, backups::backup);
    FORWARDED.forEach(method -> endpoint.handle(method, Message.class, this::actOrForward));
  }

  /** Servers are told of changes anyway. */
  private void hashSpaces(HashSpaceRequest message, Caller caller, Replier reply) {
    PublishedSpaces view = publisher.forGateways();
    if (caller.node() == null) {
      HashSpace write = view.spaces().write();
      if (!write.isPlain() && !Capabilities.knowsCopies(message.capabilities())) {
        refuseGateway(caller, write, reply);
        return;
      }
      publisher.addGateway(caller.back(), message.capabilities());
    }
    view.write(reply.begin());
  }

  /** It would write where nobody reads, and read where nobody writes. */
  private static void refuseGateway(Caller caller, HashSpace write, Replier reply) {
    log.warn(
        LogId.GATEWAY_REFUSED,
        "refused {}: it knows three copies without zones only, and here are {}, on {}",
        caller.back(),
        write.copies(),
        write.nodes());
    reply.errorText("this cluster has zones, or other than three copies: upgrade this program");
  }

  private void nodes(GetNodesInfo message, Caller caller, Replier reply) {
    if (partner.isRetired()) {
      reply.errorText("this cluster follows the managers " + stateOrders.managers());
      return;
    }
    HashSpace write = state.spaces().write();
    List<NodeAddress> newcomers =
        table.live().keySet().stream().filter(server -> !write.isActive(server)).toList();
    new NodesInfo(write, newcomers).write(reply.begin());
  }

  private void actOrForward(Message message, Caller caller, Replier reply) throws RpcException {
    history.follow(message, caller, reply);
    if (!forwarding.partnerActs()) {
      act(message, reply);
      return;
    }
    if (message instanceof SetAutoReplace set) {
      autoReplace.setEnabled(set.enable());
    } else if (message instanceof LoadState load) {
      switchAutoReplace(load);
    }
    forwarding.forward(message, reply);
  }

  private void switchAutoReplace(LoadState load) {
    Boolean enable = load.autoReplace();
    if (enable != null) {
      autoReplace.setEnabled(enable);
    }
  }

  /** Carries out one of the {@link #FORWARDED} here. */
  public void act(Message message, Replier reply) throws RpcException {
    if (message instanceof GetRebalance) {
      report.rebalance().write(reply.begin());
    } else if (message instanceof GetMembers) {
      report.members().write(reply.begin());
    } else if (message instanceof GetAutoReplace) {
      reply.bool(autoReplace.isEnabled());
    } else if (message instanceof SetAutoReplace set) {
      setAutoReplace(set, reply);
    } else if (LayoutOrders.movesRecords(message) && suspensions.objection() != null) {
      reply.errorText(suspensions.objection());
    } else if (message instanceof AttachNewServers attach) {
      layout.attach(attach, reply);
    } else if (message instanceof MoveManagers move) {
      stateOrders.move(move, reply);
    } else if (objects(reply)) {
      return;
    } else if (message instanceof LoadState load) {
      if (stateOrders.load(load, reply)) {
        switchAutoReplace(load);
      }
    } else if (message instanceof SteerRebalance steer) {
      tell(steering.steer(steer), reply);
    } else if (message instanceof SuspendServer suspend) {
      tell(suspend(suspend), reply);
    } else if (message instanceof FlushAll flush) {
      flushes.flush(flush, reply);
    } else if (message instanceof ChangeMembers change) {
      layout.change(change, reply);
    } else if (message instanceof DetachFaultServers detach) {
      layout.detach(detach, reply);
    } else if (message instanceof StartReplace start) {
      layout.replace(start, reply);
    } else {
      throw new RpcException(ErrorCode.PROTOCOL, "not a command: " + message.method());
    }
  }

  private @Nullable String suspend(SuspendServer order) {
    return order.forSeconds() == 0
        ? suspensions.resume(order.server())
        : suspensions.suspend(order.server(), order.forSeconds());
  }

  /** Makes known what has been changed, unless there is an objection. */
  private void tell(@Nullable String objection, Replier reply) {
    if (objection == null) {
      publisher.publish(reply::nil, reply::errorText);
    } else {
      reply.errorText(objection);
    }
  }

  private boolean objects(Replier reply) {
    String objection = membership.direction().objection();
    if (objection != null) {
      reply.errorText(objection);
    }
    return objection != null;
  }

  private void setAutoReplace(SetAutoReplace set, Replier reply) {
    if (autoReplace.setEnabled(set.enable())) {
      reply.bool(set.enable());
    } else {
      reply.nil();
    }
  }
}
