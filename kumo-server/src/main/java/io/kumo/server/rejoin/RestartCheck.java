package io.kumo.server.rejoin;

import io.kumo.core.protocol.Fence;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.extended.ListRecords;
import io.kumo.core.protocol.extended.RecordList;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.Cancellable;
import io.kumo.server.replica.ListReply;
import io.kumo.server.view.ViewHolder;
import io.kumo.server.write.round.WriteContext;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a server that stopped in an orderly way serve again while no manager is there to name it. It
 * asks every other active server of its hash space; when all of them have installed that very one,
 * nobody has been told to take its keys over, and nothing was acknowledged without it. Main loop
 * only.
 *
 * <p>A server that knows of no other waits for a manager: there is nobody to tell it what came
 * since.
 */
public final class RestartCheck {
  private static final Logger log = LoggerFactory.getLogger(RestartCheck.class);

  private static final long PERIOD_NS = Duration.ofSeconds(1).toNanos();
  private static final long LAST_HASH = -1L;

  private final WriteContext context;
  private @Nullable Cancellable asking;

  public RestartCheck(WriteContext context) {
    this.context = context;
  }

  /** Asks, again and again, until a manager or all others have spoken. */
  public void start() {
    asking = context.transport().repeat(PERIOD_NS, "restart check", this::ask);
    ask();
  }

  private void ask() {
    ViewHolder spaces = context.spaces();
    if (spaces.lifecycle().isNamed()) {
      if (asking != null) {
        asking.cancel();
      }
      return;
    }
    HashSpace write = spaces.current().write();
    List<NodeAddress> others =
        write.nodes().stream()
            .filter(node -> node.active() && !node.address().equals(spaces.self()))
            .map(Node::address)
            .toList();
    if (write.isActive(spaces.self()) && !others.isEmpty()) {
      Fence fence = new Fence(write.clockTime(), spaces.self());
      Round round = new Round(write, others.size());
      ListRecords question = new ListRecords(LAST_HASH, LAST_HASH, fence);
      others.forEach(other -> context.replicas().list(other, question, PERIOD_NS, round));
    }
  }

  /** One question to all of them. */
  private final class Round implements ListReply {
    private final HashSpace asked;
    private int open;

    Round(HashSpace asked, int open) {
      this.asked = asked;
      this.open = open;
    }

    @Override
    public void listed(RecordList list) {
      PublishedSpaces theirs = list.view();
      if (theirs != null) {
        context.spaces().offer(theirs);
        return;
      }
      open--;
      boolean unchanged = asked.equals(context.spaces().current().write());
      if (open == 0 && unchanged && !context.spaces().lifecycle().isNamed()) {
        log.info("no other server has heard of a change since this one stopped: it serves again");
        context.spaces().confirmNamed();
      }
    }

    @Override
    public void unsupported() {}

    @Override
    public void failed(String reason) {}
  }
}
