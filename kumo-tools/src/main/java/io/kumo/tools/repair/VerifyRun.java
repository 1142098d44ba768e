package io.kumo.tools.repair;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.protocol.repair.GetVerification;
import io.kumo.core.protocol.repair.VerificationState;
import io.kumo.core.protocol.repair.VerificationState.Defect;
import io.kumo.core.protocol.repair.VerificationState.Phase;
import io.kumo.core.protocol.repair.Verify;
import io.kumo.core.ring.HashRange;
import io.kumo.core.ring.NodeAddress;
import io.kumo.tools.KeyText;
import io.kumo.tools.Layout;
import io.kumo.tools.Printer;
import io.kumo.tools.RpcClient;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Has every server verify what it coordinates, and adds up what they say. */
public final class VerifyRun {
  private static final long POLL_NS = Duration.ofMillis(200).toNanos();
  private static final long LINE_NS = Duration.ofSeconds(1).toNanos();

  private final Printer printer;
  private final Layout layout;
  private final TimeSource time = TimeSource.system();

  public VerifyRun(Printer printer, InetSocketAddress manager) {
    this.printer = printer;
    this.layout = Layout.of(printer.options(), manager);
  }

  /**
   * Begins.
   *
   * @param rate records a second of each server; 0 for as they see fit
   * @param only the replica that is to be compared with; null for all
   */
  public void begin(boolean repair, long rate, HashRange range, @Nullable NodeAddress only) {
    List<NodeAddress> servers = layout.active();
    if (servers.isEmpty()) {
      throw CliException.failed("no server is active: there is nothing to verify");
    }
    if (only != null && !servers.contains(only)) {
      throw CliException.failed(only + " is no active server of this cluster");
    }
    for (NodeAddress server : servers) {
      call(server, new Verify(true, repair, rate, range, only));
    }
  }

  /** Ends what runs. */
  public void stop() {
    layout.active().forEach(server -> call(server, Verify.STOP));
  }

  private void call(NodeAddress server, Verify order) {
    try (RpcClient client = printer.options().connect(server.toSocketAddress())) {
      client.call(order, RpcClient::nilOrBool);
    }
  }

  private SortedMap<NodeAddress, VerificationState> ask() {
    SortedMap<NodeAddress, VerificationState> states = new TreeMap<>();
    for (NodeAddress server : layout.active()) {
      try (RpcClient client = printer.options().connect(server.toSocketAddress())) {
        states.put(server, client.call(new GetVerification(), VerificationState::read));
      }
    }
    return states;
  }

  /** Shows how far it is until it has ended, then what came of it. */
  public ExitStatus await() {
    long startNs = time.nanoTime();
    long lineNs = startNs;
    SortedMap<NodeAddress, VerificationState> states = ask();
    while (isRunning(states)) {
      if (time.nanoTime() - lineNs >= LINE_NS) {
        lineNs = time.nanoTime();
        printer.note(progress(states, lineNs - startNs));
      }
      LockSupport.parkNanos(POLL_NS);
      states = ask();
    }
    return report(states);
  }

  /** How far it is, or what came of it last. */
  public ExitStatus show() {
    SortedMap<NodeAddress, VerificationState> states = ask();
    if (isRunning(states)) {
      printer.note(progress(states, 0));
    }
    return report(states);
  }

  private static boolean isRunning(SortedMap<NodeAddress, VerificationState> states) {
    return states.values().stream().anyMatch(state -> state.phase() == Phase.RUNNING);
  }

  private static String progress(SortedMap<NodeAddress, VerificationState> states, long sinceNs) {
    long compared = states.values().stream().mapToLong(VerificationState::compared).sum();
    long copies = states.values().stream().mapToLong(VerificationState::copies).sum();
    String text = compared + " of " + copies + " copies compared";
    if (sinceNs == 0 || compared == 0) {
      return text;
    }
    double rate = compared * 1e9 / sinceNs;
    return text
        + String.format(Locale.ROOT, ", %.0f/s, %.0f s left", rate, (copies - compared) / rate);
  }

  private ExitStatus report(SortedMap<NodeAddress, VerificationState> states) {
    printer.print(text(states), () -> json(states));
    boolean whole = true;
    for (Map.Entry<NodeAddress, VerificationState> entry : states.entrySet()) {
      VerificationState state = entry.getValue();
      if (state.phase() != Phase.DONE) {
        whole = false;
        String why = state.detail().isEmpty() ? "" : ": " + state.detail();
        printer.note(entry.getKey() + " " + word(state.phase()) + why);
      }
    }
    boolean left =
        states.values().stream().anyMatch(state -> state.differing() > 0 && !state.repair());
    return whole && !left ? ExitStatus.DONE : ExitStatus.NOT_AS_IT_SHOULD_BE;
  }

  private static String word(Phase phase) {
    return switch (phase) {
      case NONE -> "has never verified";
      case RUNNING -> "verifies";
      case DONE -> "has verified";
      case FAILED -> "could not verify";
      case STOPPED -> "has not verified all";
    };
  }

  private String text(SortedMap<NodeAddress, VerificationState> states) {
    long differ = states.values().stream().mapToLong(VerificationState::differing).sum();
    StringBuilder out = new StringBuilder();
    out.append(
        String.format(
            Locale.ROOT,
            "%d keys, %d replicas each, %d differ%s%n",
            records(states),
            Math.min(layout.spaces().write().copies(), layout.active().size()),
            differ,
            isRunning(states) ? " so far" : ""));
    if (differ == 0) {
      return out.toString();
    }
    out.append(
        String.format(
            Locale.ROOT,
            "missing %d, older %d, other bytes %d, damaged %d; keys made equal: %d%n",
            count(states, Defect.MISSING),
            count(states, Defect.OLDER),
            count(states, Defect.OTHER_BYTES),
            count(states, Defect.DAMAGED),
            states.values().stream().mapToLong(VerificationState::mended).sum()));
    for (VerificationState state : states.values()) {
      for (VerificationState.Finding finding : state.findings()) {
        out.append(finding.server()).append("  ").append(name(finding.defect())).append("  ");
        out.append(KeyText.of(finding.rawKey())).append('\n');
      }
    }
    return out.toString();
  }

  private static String name(Defect defect) {
    return defect.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static long records(SortedMap<NodeAddress, VerificationState> states) {
    return states.values().stream().mapToLong(VerificationState::records).sum();
  }

  @SuppressWarnings("EnumOrdinal") // counts are in the order of the enum
  private static long count(SortedMap<NodeAddress, VerificationState> states, Defect defect) {
    return states.values().stream().mapToLong(state -> state.counts().get(defect.ordinal())).sum();
  }

  private ObjectNode json(SortedMap<NodeAddress, VerificationState> states) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("keys", records(states)).put("replicas", layout.spaces().write().copies());
    json.put("running", isRunning(states));
    for (Defect defect : Defect.values()) {
      json.put(name(defect).replace(' ', '_'), count(states, defect));
    }
    ArrayNode servers = json.putArray("servers");
    states.forEach(
        (server, state) -> {
          ObjectNode node = servers.addObject().put("server", server.toString());
          node.put("phase", state.phase().name().toLowerCase(Locale.ROOT));
          node.put("compared", state.compared()).put("copies", state.copies());
          node.put("mended", state.mended()).put("endedMs", state.endedMs());
          ArrayNode findings = node.putArray("findings");
          for (VerificationState.Finding finding : state.findings()) {
            findings
                .addObject()
                .put("key", KeyText.of(finding.rawKey()))
                .put("server", finding.server().toString())
                .put("defect", name(finding.defect()));
          }
        });
    return json;
  }
}
