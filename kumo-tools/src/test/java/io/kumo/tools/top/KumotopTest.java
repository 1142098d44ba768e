package io.kumo.tools.top;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.admin.GetStatus;
import io.kumo.core.protocol.admin.NodesInfo;
import io.kumo.core.protocol.admin.ServerStatistics;
import io.kumo.core.protocol.admin.StatusField;
import io.kumo.core.protocol.wire.Frames;
import io.kumo.core.ring.HashSpace;
import io.kumo.tools.FakePeer;
import io.kumo.tools.ToolRun;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class KumotopTest {

  private static final long SECONDS = 1795204610;

  private static TopRow row(int port, long gets, long sets, long deletes, int clock) {
    TopSample sample =
        new TopSample(
            "127.0.0.1:" + port,
            gets,
            sets,
            deletes,
            300,
            ClockTime.of(SECONDS, clock),
            "ready",
            0,
            null);
    return TopRow.of(null, sample);
  }

  private static List<String> transcript() throws IOException {
    try (InputStream in = KumotopTest.class.getResourceAsStream("/transcripts/kumotop.txt")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().toList();
    }
  }

  @Test
  void aWideTerminalShowsWhatTheOriginalShowed() throws IOException {
    TopTable table = new TopTable(140, ZoneOffset.UTC);
    List<TopRow> rows =
        List.of(
            row(29801, 68, 94, 5, 193), row(29802, 70, 113, 1, 193), row(29803, 62, 93, 4, 194));
    assertThat(table.header()).isEqualTo(transcript().subList(1, 2));
    assertThat(table.lines(rows)).isEqualTo(transcript().subList(2, 5));
  }

  @Test
  void aNarrowTerminalGetsTwoLinesThatFit() throws IOException {
    TopTable table = new TopTable(80, ZoneOffset.UTC);
    List<String> lines = table.lines(List.of(row(29801, 68, 94, 5, 195)));
    assertThat(lines.get(0))
        .isEqualTo(
            "       127.0.0.1:29801       68       94        5       300 2026-11-20 19:56:50");
    assertThat(lines.get(1))
        .isEqualTo(
            "                              0        0        0         0        195    ready");
    assertThat(table.header().get(0)).isEqualTo(transcript().get(14));
    assertThat(lines).allMatch(line -> line.length() < 80);
  }

  @Test
  void ratesAreOfTheTimeSinceTheLastLook() {
    TopSample first = row(1, 100, 10, 0, 1).now();
    TopSample second =
        new TopSample(
            "127.0.0.1:1", 1100, 20, 2, 1, first.clockTime(), "ready", 500_000_000L, null);
    TopRow row = TopRow.of(first, second);
    assertThat(row.getsPerSecond()).isEqualTo(2000);
    assertThat(row.setsPerSecond()).isEqualTo(20);
    assertThat(row.deletesPerSecond()).isEqualTo(4);
    assertThat(row.requestsPerSecond()).isEqualTo(2024);
  }

  @Test
  void aServerThatRestartedHasNoNegativeRate() {
    TopSample first = row(1, 100, 10, 5, 1).now();
    assertThat(TopRow.of(first, row(1, 0, 0, 0, 1).now()).requestsPerSecond()).isZero();
  }

  @Test
  void withoutATerminalItPrintsPlainLines() throws IOException {
    try (FakePeer server =
        new FakePeer(
            (id, message, out) -> {
              if (message instanceof GetStatus status) {
                Frames.unsignedResponse(out, id, figure(status));
              } else {
                Frames.errorResponse(out, id, ErrorCode.PROTOCOL);
              }
            })) {
      String address = "127.0.0.1:" + server.port();
      ToolRun run = ToolRun.of(new KumotopMain(), address, "-n", "2", "-i", "1ms");
      assertThat(run.exitCode()).isZero();
      assertThat(run.out().lines()).hasSize(3).noneMatch(line -> line.contains("\u001b"));
      assertThat(run.out().lines().skip(1))
          .allMatch(line -> line.contains(address) && line.endsWith("    WAIT"));
    }
  }

  private static long figure(GetStatus status) {
    return status.command() == StatusField.REPLACE_STATE.id() ? StatusField.SPACES_DIFFER : 7;
  }

  @Test
  void aServerThatIsGoneShowsWhy() throws IOException {
    FakePeer server = new FakePeer((id, message, out) -> {});
    int port = server.port();
    server.close();
    ToolRun run = ToolRun.of(new KumotopMain(), "127.0.0.1:" + port, "-n", "1");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).isEqualTo("kumotop: no server has answered\n");
    assertThat(run.out()).contains("127.0.0.1:" + port + "  Connection refused");
  }

  @Test
  void serversAndAManagerExcludeEachOther() {
    assertThat(ToolRun.of(new KumotopMain(), "-m", "1", "2").exitCode()).isEqualTo(2);
    assertThat(ToolRun.of(new KumotopMain(), "-n", "1").exitCode()).isEqualTo(2);
  }

  @Test
  void aWrongAddressIsNamed() {
    ToolRun run = ToolRun.of(new KumotopMain(), "127.0.0.1:99999");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("'127.0.0.1:99999' has no port");
  }

  @Test
  void aClusterWithoutServersIsAnError() throws IOException {
    try (FakePeer empty =
        new FakePeer(
            (id, message, out) -> {
              Frames.responseHeader(out, id);
              new NodesInfo(HashSpace.EMPTY, List.of()).write(out);
            })) {
      String manager = "127.0.0.1:" + empty.port();
      ToolRun run = ToolRun.of(new KumotopMain(), "-m", manager, "-n", "1");
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err()).isEqualTo("kumotop: " + manager + " has no server attached\n");
      assertThat(ToolRun.of(new KumotopMain(), "1", "-n", "0").exitCode()).isEqualTo(2);
    }
  }

  @Test
  void aFullDiskStandsWhereTheStateDoes() throws IOException {
    try (FakePeer server =
        new FakePeer(
            (id, message, out) -> {
              if (message instanceof GetStatus status) {
                Frames.unsignedResponse(out, id, figure(status));
              } else {
                Frames.responseHeader(out, id);
                new ServerStatistics(new TreeMap<>(Map.of(ServerStatistics.DISK_FULL, 1L)))
                    .write(out);
              }
            })) {
      ToolRun run = ToolRun.of(new KumotopMain(), "127.0.0.1:" + server.port(), "-n", "1");
      assertThat(run.out()).endsWith("     FULL\n");
    }
  }
}
