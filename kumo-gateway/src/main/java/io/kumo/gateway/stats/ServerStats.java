package io.kumo.gateway.stats;

import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.NodeExtras;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.admin.GetStatus;
import io.kumo.core.protocol.admin.StatusField;
import io.kumo.core.protocol.extended.GetItemStatistics;
import io.kumo.core.protocol.extended.ItemStatistics;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.ring.Node;
import io.kumo.core.route.RingHolder;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.gateway.memcached.Stat;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Asks the servers behind the gateway for their counters. Confined to its event loop. */
public final class ServerStats {
  private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(1);

  /** What is asked of each server, and its name in the answer. */
  private enum Asked {
    UPTIME(StatusField.UPTIME, "uptime"),
    GETS(StatusField.COUNT_GET, "cmd_get"),
    SETS(StatusField.COUNT_SET, "cmd_set"),
    DELETES(StatusField.COUNT_DELETE, "cmd_delete"),
    ITEMS(StatusField.ITEMS, "items");

    private final StatusField command;
    private final String name;

    Asked(StatusField command, String name) {
      this.command = command;
      this.name = name;
    }
  }

  private final RingHolder ring;
  private final RpcEndpoint endpoint;

  /** Asks nobody yet. */
  public ServerStats(RingHolder ring, RpcEndpoint endpoint) {
    this.ring = ring;
    this.endpoint = endpoint;
  }

  /** Gives the lines of all servers, once, when all have answered or had their time. */
  void each(Consumer<List<Stat>> whenDone) {
    List<Node> nodes = ring.view().spaces().write().nodes();
    Answers answers = new Answers(nodes, whenDone);
    answers.ask();
  }

  /**
   * Gives what all servers have together, once: every item counted once, and the room that there is
   * for items. Servers of kumofs 0.4.13 tell the number of their records only.
   */
  void sum(Consumer<ItemStatistics> whenDone) {
    PublishedSpaces view = ring.view();
    List<Node> active = view.spaces().write().nodes().stream().filter(Node::active).toList();
    int copies = Math.max(1, Math.min(view.spaces().write().copies(), active.size()));
    Sum sum = new Sum(active.size(), copies, whenDone);
    for (Node node : active) {
      int capabilities = view.extras().find(node.address()).map(NodeExtras::capabilities).orElse(0);
      boolean counts = Capabilities.countsItems(capabilities);
      Message question = counts ? new GetItemStatistics() : new GetStatus(StatusField.ITEMS.id());
      endpoint.peer(node.address()).call(question, TIMEOUT_NS, sum.handler(counts));
    }
    sum.whenAnswered();
  }

  /** Adds up the answers of all servers. */
  private static final class Sum {
    private final int copies;
    private final Consumer<ItemStatistics> whenDone;
    private int open;
    private long copiesOnOriginals;
    private ItemStatistics statistics = ItemStatistics.NONE;

    Sum(int open, int copies, Consumer<ItemStatistics> whenDone) {
      this.open = open + 1;
      this.copies = copies;
      this.whenDone = whenDone;
    }

    ReplyHandler handler(boolean counts) {
      return new ReplyHandler() {
        @Override
        public void reply(ByteBuf result) throws MalformedMessageException {
          if (counts) {
            statistics = statistics.plus(ItemStatistics.read(result));
          } else {
            copiesOnOriginals += MsgPack.readUnsigned(result);
          }
          whenAnswered();
        }

        @Override
        public void error(ErrorCode code, String detail) {
          whenAnswered();
        }
      };
    }

    void whenAnswered() {
      if (--open > 0) {
        return;
      }
      whenDone.accept(
          new ItemStatistics(
              statistics.items() + copiesOnOriginals / copies,
              statistics.bytes(),
              statistics.spareBytes() / copies,
              statistics.reclaimed()));
    }
  }

  /** One round of questions. */
  private final class Answers {
    private final List<Node> nodes;
    private final Consumer<List<Stat>> whenDone;
    private final List<Stat> lines = new ArrayList<>();
    private int open = 1;

    Answers(List<Node> nodes, Consumer<List<Stat>> whenDone) {
      this.nodes = nodes;
      this.whenDone = whenDone;
    }

    void ask() {
      for (Node node : nodes) {
        lines.add(new Stat(node.address() + ":state", node.active() ? "active" : "fault"));
        if (node.active()) {
          askAll(node);
        }
      }
      closeOne();
    }

    private void askAll(Node node) {
      for (Asked question : Asked.values()) {
        open++;
        endpoint
            .peer(node.address())
            .call(
                new GetStatus(question.command.id()),
                TIMEOUT_NS,
                handler(node.address() + ":" + question.name));
      }
    }

    private ReplyHandler handler(String name) {
      return new ReplyHandler() {
        @Override
        public void reply(ByteBuf result) throws MalformedMessageException {
          lines.add(new Stat(name, Long.toUnsignedString(MsgPack.readUnsigned(result))));
          closeOne();
        }

        @Override
        public void error(ErrorCode code, String detail) {
          closeOne();
        }
      };
    }

    private void closeOne() {
      if (--open == 0) {
        whenDone.accept(lines);
      }
    }
  }
}
