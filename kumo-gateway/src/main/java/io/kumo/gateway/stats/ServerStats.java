package io.kumo.gateway.stats;

import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.GetStatus;
import io.kumo.core.protocol.MalformedMessageException;
import io.kumo.core.protocol.MsgPack;
import io.kumo.core.protocol.StatusCommand;
import io.kumo.core.ring.Node;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.gateway.memcached.Stat;
import io.kumo.gateway.route.RingHolder;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Asks the servers behind the gateway for their counters. Confined to its event loop. */
public final class ServerStats {
  private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(1);

  /** What is asked of each server, and its name in the answer. */
  private enum Question {
    UPTIME(StatusCommand.UPTIME, "uptime"),
    GETS(StatusCommand.COUNT_GET, "cmd_get"),
    SETS(StatusCommand.COUNT_SET, "cmd_set"),
    DELETES(StatusCommand.COUNT_DELETE, "cmd_delete"),
    ITEMS(StatusCommand.ITEMS, "items");

    private final StatusCommand command;
    private final String name;

    Question(StatusCommand command, String name) {
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

  /** Gives the records on all servers together, once; copies are counted. */
  void sum(Consumer<Long> whenDone) {
    each(
        lines -> {
          long sum = 0;
          for (Stat line : lines) {
            sum += line.name().endsWith(":items") ? Long.parseUnsignedLong(line.value()) : 0;
          }
          whenDone.accept(sum);
        });
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
      for (Question question : Question.values()) {
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
