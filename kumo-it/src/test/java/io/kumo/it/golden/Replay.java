package io.kumo.it.golden;

import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.wire.FrameDecoder;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.ring.NodeAddress;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Puts a live process of ours in the place of one that was recorded, and plays everybody else: what
 * they sent to it is sent again, byte for byte, and its answers are held beside the original's.
 *
 * <p>ClockTimes that the process issues differ from the original's; where a later request carries
 * one of those, it is replaced.
 */
final class Replay {
  /** A request, the original's answer and ours; null where there was none. */
  record Exchange(Recorded request, Line.@Nullable Answer recorded, Line.@Nullable Answer ours) {}

  private record Issued(String key, String recorded, String ours) {}

  private static final NodeAddress OUTSIDE = NodeAddress.of(new byte[] {127, 0, 0, 1}, 9);
  private static final long PATIENCE_MS = 1500;

  private final MemoryNetwork network = new MemoryNetwork();
  private final List<Recorded> messages;
  private final Map<String, NodeAddress> names;
  private final String target;
  private final NodeAddress address;
  private final MemoryHost outside = network.start(OUTSIDE);
  private final Map<String, Line> lines = new HashMap<>();
  private final Map<NodeAddress, Line> accepted = new HashMap<>();
  private final List<Issued> issued = new ArrayList<>();
  private final List<Exchange> exchanges = new ArrayList<>();
  private final List<Integer> asked = new ArrayList<>();

  /**
   * @param target as the capture names it, such as {@code server:29801}
   */
  Replay(String scenario, String target) throws IOException {
    messages = Recorded.scenario(scenario);
    names = Recorded.names(messages);
    this.target = target;
    this.address = address(target);
    for (String other : List.of("manager:29700", "manager:29701")) {
      stand(other, Role.MANAGER);
    }
    for (int port = 29801; port <= 29804; port++) {
      stand("server:" + port, Role.SERVER);
    }
  }

  static NodeAddress address(String name) {
    int port = Integer.parseInt(name.substring(name.indexOf(':') + 1));
    return NodeAddress.of(new byte[] {127, 0, 0, 1}, port);
  }

  /** Somebody for the process to connect to. */
  private void stand(String name, Role role) throws IOException {
    NodeAddress own = address(name);
    if (!name.equals(target)) {
      MemoryHost host = network.start(own);
      host.listen(
          own,
          () -> {
            Line line = new Line(host, own, role, asked::add);
            accepted.put(own, line);
            return line;
          });
    }
  }

  /** Where the process under test is to run. */
  MemoryHost host() {
    MemoryHost host = network.start(address);
    host.setSkewMillis(Duration.ofSeconds(1_795_205_157L).toMillis());
    return host;
  }

  NodeAddress address() {
    return address;
  }

  /** The process has issued a ClockTime in the place of the original's. */
  void issued(long recorded, long ours) {
    HexFormat hex = HexFormat.of();
    issued.add(new Issued("", hex.toHexDigits(recorded), hex.toHexDigits(ours)));
  }

  /** The ids of what the process has asked the originals, in order. */
  List<Integer> asked() {
    return asked;
  }

  interface Observer {
    /** Called with each message that the original sent by itself, before what follows it. */
    void sent(Recorded message);
  }

  List<Exchange> run(Observer observer) throws MalformedMessageException {
    network.events().runFor(Duration.ofMillis(50).toNanos());
    for (int i = 0; i < messages.size(); i++) {
      Recorded message = messages.get(i);
      long behindNs = (long) (message.seconds() * 1e9) - network.events().nowNs();
      if (behindNs > 0) {
        network.events().runFor(behindNs);
      }
      if (isToTarget(message)) {
        deliver(message);
      } else if (isFromTarget(message) && message.isRequest()) {
        observer.sent(message);
      }
      closeAfter(i);
    }
    return exchanges;
  }

  /** Who connects anew later had been killed. */
  private void closeAfter(int index) {
    String link = messages.get(index).link();
    Line line = lines.get(link);
    if (line != null && lastIndex(link) == index && comesBack(link, index)) {
      line.close();
      NodeAddress gone = names.get(link);
      if (gone != null && target.startsWith("manager")) {
        network.kill(gone);
      }
    }
  }

  private boolean comesBack(String link, int after) {
    NodeAddress name = names.get(link);
    return messages.subList(after + 1, messages.size()).stream()
        .map(Recorded::link)
        .anyMatch(
            other -> name != null && name.equals(names.get(other)) && lines.get(other) == null);
  }

  private int lastIndex(String link) {
    for (int i = messages.size() - 1; i > 0; i--) {
      if (messages.get(i).link().equals(link)) {
        return i;
      }
    }
    return 0;
  }

  private boolean isToTarget(Recorded message) {
    return message.to().equals(target) || address.equals(names.get(message.to()));
  }

  private boolean isFromTarget(Recorded message) {
    return message.from().equals(target) || address.equals(names.get(message.from()));
  }

  private void deliver(Recorded message) throws MalformedMessageException {
    Line line = line(message);
    boolean introduces = message.type().equals("cluster_init") && message.to().equals(target);
    if (line == null || !(introduces || message.isRequest())) {
      return;
    }
    line.send(mapped(message));
    if (message.isRequest()) {
      note(new Exchange(message, recordedAnswer(message), await(line, message.messageId())));
    }
  }

  private Line.@Nullable Answer await(Line line, long messageId) {
    Line.Answer answer = null;
    for (int ms = 0; ms < PATIENCE_MS && answer == null && !line.isClosed(); ms++) {
      network.events().runFor(Duration.ofMillis(1).toNanos());
      answer = line.takeAnswer(messageId);
    }
    return answer;
  }

  private @Nullable Line line(Recorded message) {
    if (!message.to().equals(target)) {
      return accepted.get(address(message.from()));
    }
    Line known = lines.get(message.from());
    if (known != null && !known.isClosed()) {
      return known;
    }
    Line made = new Line(outside, null, Role.SERVER);
    outside.connect(address, Duration.ofSeconds(1).toNanos(), made);
    lines.put(message.from(), made);
    return made;
  }

  /** ClockTimes of records are told apart by their keys; those of hash spaces have none. */
  private String mapped(Recorded request) {
    String result = request.hex();
    for (Issued time : issued) {
      if (time.key.isEmpty() || time.key.equals(request.key())) {
        result = result.replace(time.recorded, time.ours);
      }
    }
    return result;
  }

  private Line.@Nullable Answer recordedAnswer(Recorded request) throws MalformedMessageException {
    for (Recorded message : messages) {
      if (message.type().equals("response")
          && message.messageId() == request.messageId()
          && message.from().equals(request.to())
          && message.to().equals(request.from())
          && message.seconds() >= request.seconds()) {
        Line reader = new Line(Runnable::run, null, Role.SERVER);
        new FrameDecoder()
            .decode(Unpooled.wrappedBuffer(HexFormat.of().parseHex(message.hex())), reader);
        return reader.takeAnswer(request.messageId());
      }
    }
    return null;
  }

  /** A ClockTime that both answered with is one that later requests may carry. */
  private void note(Exchange exchange) {
    Line.Answer recorded = exchange.recorded();
    Line.Answer ours = exchange.ours();
    if (recorded != null && ours != null && isClockTime(recorded) && isClockTime(ours)) {
      String key = exchange.request().key();
      issued.add(new Issued(key, recorded.result().substring(2), ours.result().substring(2)));
    }
    exchanges.add(exchange);
  }

  private static boolean isClockTime(Line.Answer answer) {
    return answer.error().equals("c0")
        && answer.result().startsWith("cf")
        && Objects.requireNonNull(answer.result()).length() == 18;
  }
}
