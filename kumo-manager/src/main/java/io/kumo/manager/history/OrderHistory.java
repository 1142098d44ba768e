package io.kumo.manager.history;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.desk.GetHistory;
import io.kumo.core.protocol.desk.History;
import io.kumo.core.protocol.desk.Introduce;
import io.kumo.core.rpc.Caller;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.Replier;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.transport.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Notes the orders that this manager and its partner are given, whoever carries them out: the last
 * {@value History#MAX_ENTRIES}, and in a file where there is one. Confined to the manager's loop.
 *
 * <p>Bounds: one introduction for each connection that is open.
 */
public final class OrderHistory {
  /** What is no order: it changes nothing. */
  private static final Set<Method> QUESTIONS =
      Set.of(Method.GET_AUTO_REPLACE, Method.GET_REBALANCE, Method.GET_MEMBERS);

  private static final int MAX_OUTCOME = 500;

  private final Transport transport;
  private final Map<Peer, Introduce> introduced = new WeakHashMap<>();
  private final List<History.Entry> entries = new ArrayList<>();
  private Consumer<History.Entry> partner = entry -> {};
  private @Nullable HistoryFile file;

  public OrderHistory(Transport transport) {
    this.transport = transport;
  }

  /** Before the endpoint listens. */
  public void register(RpcEndpoint endpoint) {
    endpoint.handle(Method.INTRODUCE, Introduce.class, this::introduce);
    endpoint.handle(
        Method.GET_HISTORY,
        GetHistory.class,
        (message, caller, reply) -> new History(entries()).write(reply.begin()));
  }

  /** Goes on with what is in the file, and keeps it there from now on. */
  public void keepIn(HistoryFile kept) {
    List<History.Entry> since = entries();
    entries.clear();
    kept.read().forEach(this::append);
    file = kept;
    heard(since);
  }

  /** Has the partner hear of every order that is given here. */
  void tell(Consumer<History.Entry> other) {
    partner = other;
  }

  /** Takes note of orders that the partner was given; those that are known stay as they are. */
  void heard(List<History.Entry> others) {
    List<History.Entry> news = others.stream().filter(one -> !entries.contains(one)).toList();
    news.forEach(this::append);
    if (!news.isEmpty() && file != null) {
      file.write(entries());
    }
  }

  private void introduce(Introduce message, Caller caller, Replier reply) {
    if (message.outcome().isEmpty()) {
      introduced.put(caller.back(), message);
    } else {
      add(message.who(), caller, message.command(), message.outcome());
    }
    reply.nil();
  }

  /** Takes note of an order when it has been answered. */
  public void follow(Message order, Caller caller, Replier reply) {
    if (QUESTIONS.contains(order.method())) {
      return;
    }
    Introduce introduction = introduced.get(caller.back());
    String who = introduction == null ? "" : introduction.who();
    String name = order.method().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    String command = introduction == null ? name : introduction.command();
    reply.whenAnswered(
        error -> add(who, caller, command, error.isEmpty() ? "done" : "refused: " + error));
  }

  private void add(String who, Caller caller, String order, String outcome) {
    String kept = outcome.length() <= MAX_OUTCOME ? outcome : outcome.substring(0, MAX_OUTCOME);
    History.Entry entry =
        new History.Entry(transport.time().unixMillis(), who, caller.remote(), order, kept);
    append(entry);
    if (file != null) {
      file.write(entries());
    }
    partner.accept(entry);
  }

  /** In the order of their times; the oldest is forgotten beyond the bound. */
  private void append(History.Entry entry) {
    int at = entries.size();
    while (at > 0 && entries.get(at - 1).atMs() > entry.atMs()) {
      at--;
    }
    entries.add(at, entry);
    if (entries.size() > History.MAX_ENTRIES) {
      entries.remove(0);
    }
  }

  /** The newest last. */
  List<History.Entry> entries() {
    return new ArrayList<>(entries);
  }
}
