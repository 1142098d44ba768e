package io.kumo.tools.top;

import io.kumo.core.protocol.admin.RebalanceState;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.jspecify.annotations.Nullable;

/** Lays out the whole screen; decides nothing, and draws nothing itself. */
final class TopView {
  private static final int NARROW_SPARK = 10;
  private static final int WIDE_COLUMNS = 120;
  private static final List<String> HELP =
      List.of(
          "",
          "  s          order by the next of: server, rate, latency, items, disk, state",
          "  r          turn the order round",
          "  p, space   hold the picture, go on",
          "  /          show only servers whose name or state has what you type; Enter ends,",
          "             Esc shows all again",
          "  h, ?       this help",
          "  q          quit",
          "",
          "  rate       requests a second that the server coordinated, and how they went",
          "  p99        milliseconds that the slowest hundredth of its writes took",
          "  state      ready, WAIT, Copying, Deleting, inactive, suspended, or FULL: the disk",
          "");

  private final boolean unicode;
  private final boolean coloured;
  private final DateTimeFormatter clock;

  /**
   * @param unicode whether the terminal shows block characters
   */
  TopView(boolean unicode, boolean coloured, ZoneId zone) {
    this.unicode = unicode;
    this.coloured = coloured;
    this.clock = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(zone);
  }

  /** At most {@code height} lines, of {@code width} columns each. */
  List<AttributedString> lines(
      TopLook look, TopPast past, TopControls controls, int width, int height) {
    List<AttributedString> lines = new ArrayList<>();
    lines.add(title(look, controls, width));
    if (controls.showsHelp()) {
      HELP.forEach(line -> lines.add(plain(line)));
    } else {
      lines.addAll(servers(look, past, controls, width));
      lines.addAll(gateways(look.gateways()));
      if (look.rebalance() != null) {
        lines.add(plain(""));
        lines.add(rebalance(look.rebalance(), look.paused(), width));
      }
    }
    while (lines.size() < height - 1) {
      lines.add(plain(""));
    }
    List<AttributedString> shown = new ArrayList<>(lines.subList(0, Math.max(0, height - 1)));
    shown.add(styled("  h help   s sort   r reverse   p pause   / filter   q quit", dim()));
    return shown.stream().map(line -> line.columnSubSequence(0, width)).toList();
  }

  private AttributedString title(TopLook look, TopControls controls, int width) {
    long there = look.servers().stream().filter(TopRow::answers).count();
    long rate = look.servers().stream().mapToLong(TopRow::requestsPerSecond).sum();
    String left =
        format("kumotop  %d of %d servers answer", there, look.servers().size())
            + format("  %s requests/s", Amounts.count(rate));
    String chosen = controls.summary();
    left += chosen.isEmpty() ? "" : "  " + chosen;
    String right = clock.format(Instant.ofEpochMilli(look.unixMillis()));
    String gap = " ".repeat(Math.max(1, width - left.length() - right.length() - 1));
    boolean all = there == look.servers().size();
    return styled(left + gap + right, all || !coloured ? bold() : red());
  }

  private List<AttributedString> servers(
      TopLook look, TopPast past, TopControls controls, int width) {
    boolean wide = width >= WIDE_COLUMNS;
    List<AttributedString> lines = new ArrayList<>();
    String heading =
        wide
            ? format("%-22s %-9s %7s %7s %7s", "server", "state", "get/s", "set/s", "del/s")
                + format("  %-20s %7s %7s  %-20s", "rate", "p50 ms", "p99 ms", "p99")
                + format(" %8s %8s", "items", "disk")
            : format("%-22s %-9s %7s  %-10s", "server", "state", "rate", "")
                + format(" %7s %8s %8s", "p99 ms", "items", "disk");
    lines.add(styled(heading, dim()));
    for (TopRow row : controls.choose(look.servers())) {
      lines.add(wide ? wideLine(row, past) : narrowLine(row, past));
    }
    return lines;
  }

  private AttributedString wideLine(TopRow row, TopPast past) {
    TopSample now = row.now();
    if (now.error() != null) {
      return failed(now.server(), now.error());
    }
    int spark = 2 * NARROW_SPARK;
    return new AttributedStringBuilder()
        .append(format("%-22s ", now.server()))
        .append(format("%-9s", now.state()), state(now.state()))
        .append(format(" %7s", Amounts.count(row.getsPerSecond())))
        .append(format(" %7s", Amounts.count(row.setsPerSecond())))
        .append(format(" %7s  ", Amounts.count(row.deletesPerSecond())))
        .append(past.rate(now.server()).text(spark, unicode), cyan())
        .append(format(" %7s", Amounts.millis(row.writes().at(0.5) * 1000)))
        .append(format(" %7s  ", Amounts.millis(row.slowMillis())))
        .append(past.latency(now.server()).text(spark, unicode), yellow())
        .append(format(" %8s", Amounts.count(now.items())))
        .append(format(" %8s", Amounts.bytes(now.figure("file_bytes"))))
        .toAttributedString();
  }

  private AttributedString narrowLine(TopRow row, TopPast past) {
    TopSample now = row.now();
    if (now.error() != null) {
      return failed(now.server(), now.error());
    }
    return new AttributedStringBuilder()
        .append(format("%-22s ", now.server()))
        .append(format("%-9s", now.state()), state(now.state()))
        .append(format(" %7s  ", Amounts.count(row.requestsPerSecond())))
        .append(past.rate(now.server()).text(NARROW_SPARK, unicode), cyan())
        .append(format(" %7s", Amounts.millis(row.slowMillis())))
        .append(format(" %8s", Amounts.count(now.items())))
        .append(format(" %8s", Amounts.bytes(now.figure("file_bytes"))))
        .toAttributedString();
  }

  private AttributedString failed(String node, String error) {
    return new AttributedStringBuilder()
        .append(format("%-22s ", node))
        .append(error, red())
        .toAttributedString();
  }

  private List<AttributedString> gateways(List<GatewayRow> rows) {
    if (rows.isEmpty()) {
      return List.of();
    }
    List<AttributedString> lines = new ArrayList<>();
    lines.add(plain(""));
    String heading = "%-22s %9s %7s %7s %8s %9s";
    lines.add(
        styled(format(heading, "gateway", "", "get/s", "set/s", "clients", "failures"), dim()));
    for (GatewayRow row : rows) {
      String error = row.error();
      lines.add(
          error != null
              ? failed(row.gateway(), error)
              : plain(
                  format(
                      heading,
                      row.gateway(),
                      "",
                      Amounts.count(row.getsPerSecond()),
                      Amounts.count(row.setsPerSecond()),
                      Amounts.count(row.connections()),
                      Amounts.count(row.failures()))));
    }
    return lines;
  }

  private AttributedString rebalance(@Nullable RebalanceState state, boolean paused, int width) {
    if (state == null || state.phase() == RebalanceState.IDLE) {
      boolean given = state != null && state.outcome() == RebalanceState.ABANDONED;
      return styled(given ? "rebalance  the last one was given up" : "rebalance  none", dim());
    }
    long total = Math.max(1, state.statistics().total());
    double share = Math.min(1, state.statistics().scanned() / (double) total);
    String word =
        paused ? "paused" : state.phase() == RebalanceState.COPYING ? "copying" : "deleting";
    String numbers =
        format(
            " %3.0f %%  %s of %s records",
            share * 100,
            Amounts.count(state.statistics().scanned()),
            Amounts.count(state.statistics().total()));
    int room = Math.max(10, Math.min(60, width - numbers.length() - 24));
    int full = (int) Math.round(share * room);
    return new AttributedStringBuilder()
        .append(format("rebalance  %-8s [", word))
        .append((unicode ? "█" : "#").repeat(full), cyan())
        .append((unicode ? "░" : "-").repeat(room - full))
        .append("]" + numbers)
        .toAttributedString();
  }

  private AttributedStyle state(String word) {
    return switch (word) {
      case "ready" -> green();
      case "FULL", "inactive" -> red();
      default -> yellow();
    };
  }

  private static AttributedString plain(String text) {
    return new AttributedString(text);
  }

  private static AttributedString styled(String text, AttributedStyle style) {
    return new AttributedString(text, style);
  }

  private static AttributedStyle bold() {
    return AttributedStyle.DEFAULT.bold();
  }

  private AttributedStyle dim() {
    return coloured ? AttributedStyle.DEFAULT.faint() : AttributedStyle.DEFAULT;
  }

  private AttributedStyle green() {
    return colour(AttributedStyle.GREEN);
  }

  private AttributedStyle red() {
    return colour(AttributedStyle.RED).bold();
  }

  private AttributedStyle yellow() {
    return colour(AttributedStyle.YELLOW);
  }

  private AttributedStyle cyan() {
    return colour(AttributedStyle.CYAN);
  }

  private AttributedStyle colour(int number) {
    return coloured ? AttributedStyle.DEFAULT.foreground(number) : AttributedStyle.DEFAULT;
  }

  private static String format(String form, Object... values) {
    return String.format(Locale.ROOT, form, values);
  }
}
