package io.kumo.tools.top;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.admin.RebalanceState;
import io.kumo.core.protocol.extended.MoveStatistics;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jline.utils.AttributedString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TopViewTest {
  private final TopView view = new TopView(true, false, ZoneOffset.UTC);
  private final TopControls controls = new TopControls();
  private final TopPast past = new TopPast();

  private static TopRow row(String server, long gets, long items, String state) {
    TopSample before = new TopSample(server, 0, 0, 0, items, 0, state, 0, null);
    Map<String, Long> figures =
        Map.of(
            "kumo_server_file_bytes", 3L << 20,
            "kumo_server_write_seconds_bucket{le=\"0.001024\"}", 100L,
            "kumo_server_write_seconds_count", 100L);
    return TopRow.of(
        before, new TopSample(server, gets, 0, 0, items, 0, state, 1_000_000_000, null, figures));
  }

  private static TopRow failed(String server) {
    return TopRow.of(null, TopSample.failed(server, "Connection refused", 0));
  }

  private List<String> lines(int width, int height, @Nullable RebalanceState rebalance) {
    return lines(width, height, rebalance, false);
  }

  private List<String> lines(
      int width, int height, @Nullable RebalanceState rebalance, boolean paused) {
    List<TopRow> rows =
        List.of(row("a:1", 50, 12_345, "ready"), failed("b:1"), row("c:1", 900, 7, "WAIT"));
    past.add(rows);
    GatewayRow gateway = new GatewayRow("g:1", 1, 20_000, 3, 0, null);
    TopLook look = new TopLook(rows, List.of(gateway), rebalance, paused, 0);
    List<AttributedString> shown = view.lines(look, past, controls, width, height);
    return shown.stream().map(AttributedString::toString).toList();
  }

  @Test
  void aRowHasWhatIsAskedOfAServer() {
    List<String> lines = lines(80, 24, null);
    assertThat(lines).hasSize(24).allMatch(line -> line.length() <= 80);
    assertThat(lines.get(0)).startsWith("kumotop  2 of 3 servers answer  950 requests/s");
    assertThat(lines.get(2)).matches("a:1 +ready +50 +█ +1\\.02 +12\\.3k +3\\.0M");
    assertThat(lines.get(3)).matches("b:1 +Connection refused");
    assertThat(lines.get(7)).matches("g:1 +1 +20\\.0k +3 +0");
    assertThat(lines.get(23)).contains("q quit");
  }

  @Test
  void whoIsOutForMaintenanceIsCalledSo() {
    TopSample inactive = new TopSample("a:1", 0, 0, 0, 7, 0, "inactive", 0, null);
    assertThat(inactive.suspended().state()).isEqualTo("suspended");
    assertThat(inactive.suspended().items()).isEqualTo(7);
    assertThat(TopSample.failed("b:1", "Connection refused", 0).suspended().error())
        .isEqualTo("suspended: Connection refused");
  }

  @Test
  void theWholeStaysInASmallWindow() {
    assertThat(lines(30, 5, null)).hasSize(5).allMatch(line -> line.length() <= 30);
  }

  @Test
  void keysChangeOrderAndWhatIsShown() {
    controls.key('s');
    assertThat(lines(80, 24, null).get(2)).startsWith("c:1");
    controls.key('r');
    assertThat(lines(80, 24, null).get(4)).startsWith("c:1");
    "/wai".chars().forEach(controls::key);
    assertThat(lines(80, 24, null).get(0)).contains("filter: wai_");
    assertThat(lines(80, 24, null).get(2)).startsWith("c:1");
    controls.key('\r');
    assertThat(controls.key('q')).isEqualTo(TopControls.Wish.QUIT);
    controls.key(27);
    assertThat(lines(80, 24, null).get(0)).doesNotContain("wai");
  }

  @Test
  void aRebalanceIsABar() {
    RebalanceState state =
        new RebalanceState(
            RebalanceState.COPYING,
            RebalanceState.NONE,
            7,
            false,
            new MoveStatistics(50, 200, 10, 100),
            List.of(),
            new MoveStatistics(0, 0, 0, 0));
    assertThat(lines(80, 24, state))
        .anyMatch(
            line -> line.matches("rebalance  copying +\\[█{7,8}░{20,}]  25 % +50 of 200 re.*"));
    assertThat(lines(80, 24, state, true))
        .anyMatch(line -> line.matches("rebalance  paused +\\[█{7,8}░{20,}]  25 %.*"));
    assertThat(lines(140, 24, null)).noneMatch(line -> line.startsWith("rebalance"));
  }

  @Test
  void barsAreOfTheGreatestThatIsShown() {
    Sparkline line = new Sparkline(4);
    for (double value : new double[] {100, 0, 1, 2, 4}) {
      line.add(value);
    }
    assertThat(line.text(4, true)).isEqualTo(" ▂▄█");
    assertThat(line.text(6, false)).isEqualTo("   :=%");
  }

  @Test
  void amountsKeepFewColumns() {
    assertThat(Amounts.count(9999)).isEqualTo("9999");
    assertThat(Amounts.count(12_345)).isEqualTo("12.3k");
    assertThat(Amounts.count(999_999)).isEqualTo("1.0M");
    assertThat(Amounts.bytes(16L << 20)).isEqualTo("16.0M");
    assertThat(Amounts.count(Long.MAX_VALUE)).isEqualTo("9.2E");
    assertThat(Amounts.millis(0)).isEqualTo("-");
    assertThat(Amounts.millis(0.5)).isEqualTo("0.50");
  }
}
