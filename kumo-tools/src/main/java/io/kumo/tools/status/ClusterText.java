package io.kumo.tools.status;

import io.kumo.core.cli.DataSize;
import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.admin.RebalanceState;
import io.kumo.core.protocol.extended.MoveStatistics;
import io.kumo.core.protocol.status.NodeStatus;
import io.kumo.core.protocol.status.RingState;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.StandingOrders;
import io.kumo.core.view.Suspension;
import io.kumo.core.view.Voter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is shown of a cluster as a whole, a line for each thing. */
final class ClusterText {
  private ClusterText() {}

  static String of(ClusterLook look, long nowMs) {
    StringBuilder out = new StringBuilder();
    ClusterView view = look.voted();
    NodeStatus reference = look.reference();
    line(out, "cluster", view.isNone() ? "no id" : clusterId(view) + forced(view));
    line(out, "version", versions(look));
    line(out, "replicas", look.copies() + "; " + survival(look));
    line(out, "view", view.isNone() ? "decided without votes" : view.id().toString());
    NodeAddress director = look.view() == null ? null : look.view().director();
    line(out, "director", director == null ? "none" : director.toString());
    if (!view.isNone()) {
      line(out, "voters", voters(look));
      line(out, "leases", leases(look));
    }
    if (reference != null) {
      line(out, "write ring", ring(reference.write()));
      line(out, "read ring", ring(reference.read()));
    }
    line(out, "agreement", agreement(look));
    line(out, "rebalance", rebalance(look, nowMs));
    suspended(view).ifPresent(text -> line(out, "suspended", text));
    return out.toString();
  }

  private static void line(StringBuilder out, String name, String text) {
    out.append(String.format(Locale.ROOT, "%-11s%s%n", name, text));
  }

  static String clusterId(ClusterView view) {
    return Long.toHexString(view.cluster().id());
  }

  /** A mark of what an operator had to do once. */
  private static String forced(ClusterView view) {
    long parent = view.cluster().parent();
    return parent == 0 ? "" : ", a child of " + Long.toHexString(parent);
  }

  static String versions(ClusterLook look) {
    List<String> versions =
        look.nodes().values().stream().map(NodeStatus::version).distinct().sorted().toList();
    return versions.isEmpty() ? "kumofs" : String.join(", ", versions);
  }

  /** How much may happen now. */
  static String survival(ClusterLook look) {
    int count = look.survives();
    if (count < 0) {
      return "no server serves";
    }
    String text = "survives the loss of " + count + (count == 1 ? " server" : " servers");
    int should = look.shouldSurvive();
    return count >= should ? text : text + ", not of " + should;
  }

  private static String voters(ClusterLook look) {
    return look.voted().voters().members().stream()
        .map(Voter::address)
        .map(voter -> look.nodes().containsKey(voter) ? voter.toString() : voter + " (silent)")
        .collect(Collectors.joining(", "));
  }

  private static String leases(ClusterLook look) {
    List<NodeAddress> active =
        look.info().hashSpace().nodes().stream().filter(Node::active).map(Node::address).toList();
    long held =
        active.stream()
            .map(look.nodes()::get)
            .filter(Objects::nonNull)
            .filter(NodeStatus::lease)
            .count();
    return held
        + " of "
        + active.size()
        + " active servers hold one, of "
        + look.voted().settings().leaseMs()
        + " ms";
  }

  private static String ring(RingState ring) {
    return ring.clockTime() == 0
        ? "none"
        : String.format(Locale.ROOT, "%08x, %s", ring.digest(), ClockTime.format(ring.clockTime()));
  }

  private static String agreement(ClusterLook look) {
    List<NodeRow> differing = NodeRow.all(look).stream().filter(row -> !row.agrees()).toList();
    return differing.isEmpty()
        ? "all who answer go by these"
        : "other ones at "
            + differing.stream().map(NodeRow::address).collect(Collectors.joining(", "));
  }

  /** What is under way, and what an operator has ordered of it. */
  static String rebalance(ClusterLook look, long nowMs) {
    StandingOrders orders = look.voted().settings().orders();
    String text = rebalance(look.rebalance(), nowMs);
    String rate =
        orders.bytesPerSecond() == 0
            ? ""
            : "; throttled to " + new DataSize(orders.bytesPerSecond()) + "/s";
    return (orders.rebalancePaused() ? "paused: " : "") + text + rate;
  }

  /** Who is out for maintenance, and until when. */
  private static Optional<String> suspended(ClusterView view) {
    List<Suspension> suspended = view.settings().orders().suspended();
    return suspended.isEmpty()
        ? Optional.empty()
        : Optional.of(
            suspended.stream()
                .map(s -> s.server() + " until " + NodeRow.time(s.untilSeconds()))
                .collect(Collectors.joining(", ")));
  }

  static String rebalance(@Nullable RebalanceState state, long nowMs) {
    if (state == null || state.phase() == RebalanceState.IDLE) {
      return "none";
    }
    MoveStatistics moves = state.statistics();
    boolean copying = state.phase() == RebalanceState.COPYING;
    String text =
        String.format(
            Locale.ROOT,
            "%s, %d of %d records looked at, waiting for %s",
            copying ? "copying" : "removing",
            moves.scanned(),
            moves.total(),
            state.waitingFor());
    double seconds = nowMs / 1000.0 - ClockTime.seconds(state.replaceTime());
    if (!copying || seconds <= 0 || moves.scanned() == 0) {
      return text;
    }
    long left = Math.max(0, moves.total() - moves.scanned());
    return text
        + String.format(
            Locale.ROOT,
            ", %.0f records/s, %s left",
            moves.moved() / seconds,
            Durations.text(Math.round(left * seconds / moves.scanned())));
  }
}
