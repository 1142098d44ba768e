package io.kumo.tools.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.cli.BinaryLog;
import io.kumo.core.cli.Cli;
import io.kumo.tools.ToolRun;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** kumolog shows the original's binary logs as the original does, and ours. */
class KumologTest {

  @TempDir Path folder;

  private final TimeZone zone = TimeZone.getDefault();
  private Path log = Path.of("");

  @BeforeEach
  void copyLog() throws IOException {
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    log = folder.resolve("mgr.mpac");
    Files.write(log, resource("/golden/binlog/mgr.mpac"));
  }

  @AfterEach
  void restoreZone() {
    TimeZone.setDefault(zone);
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = KumologTest.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }

  private static List<String> recorded(String command) throws IOException {
    List<String> lines =
        new String(resource("/transcripts/kumolog.txt"), StandardCharsets.UTF_8).lines().toList();
    int from = lines.indexOf("$ " + command) + 1;
    return lines.subList(from, from + lines.subList(from, lines.size()).indexOf("[exit 0]"));
  }

  private List<String> show(String... options) {
    List<String> arguments = new ArrayList<>(Arrays.asList(options));
    arguments.add(log.toString());
    ToolRun run = ToolRun.of(new KumologMain(), arguments.toArray(new String[0]));
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    return run.out().lines().toList();
  }

  @Test
  void showsTheOriginalsLogAsTheOriginal() throws IOException {
    List<String> all = recorded("kumolog mgr.mpac");
    assertThat(all).hasSize(17);
    assertThat(show()).isEqualTo(all);
    assertThat(show("-h", "-n", "1")).isEqualTo(recorded("kumolog -h -n 1 mgr.mpac"));
    assertThat(show("-h")).isEqualTo(all.subList(0, 10));
    assertThat(show("-h", "-n", "-2")).isEqualTo(all.subList(0, 15));
    assertThat(show("-t")).isEqualTo(all.subList(7, 17));
    assertThat(show("-t", "-n", "2")).isEqualTo(all.subList(15, 17));
    assertThat(show("-n", "-3")).isEqualTo(all.subList(14, 17));
    assertThat(show("-t", "-n", "100")).isEqualTo(all);
    assertThat(show("-t", "-n", "0")).isEmpty();
  }

  @Test
  void printsJson() {
    assertThat(show("-h", "-n", "2", "-o", "json"))
        .containsExactly(
            "{\"event\":\"SM\",\"version\":2,\"title\":\"Manager start\",\"partner\":\"0.0.0.0:0\","
                + "\"address\":\"127.0.0.1:29700\",\"time\":1795204475}",
            "{\"event\":\"nS\",\"version\":3,\"title\":\"new server\","
                + "\"address\":\"127.0.0.1:29801\",\"time\":1795204477}");
  }

  private void write(BinaryLog.Event event) throws IOException {
    try (BinaryLog out = BinaryLog.open(log)) {
      out.write(event);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void showsOurs() throws IOException {
    log = folder.resolve("gw.mpac");
    byte[] manager = {0x74, 0x04, 127, 0, 0, 1};
    write(new BinaryLog.Event("SW", 2, 1795204475).with("mgr1", manager).with("mgr2", new byte[6]));
    write(
        new BinaryLog.Event("es", 3, 1795204519)
            .with("key", bytes("key1"))
            .with("val", bytes("value-1"))
            .with("err", 2));
    assertThat(show()).isEqualTo(recorded("kumolog gw.mpac").subList(0, 2));
    write(
        new BinaryLog.Event("es", 3, 0)
            .with("key", new byte[] {'a', 27, (byte) 0xff})
            .with("val", new byte[200_000]));
    assertThat(show("-t", "-n", "1").get(0)).contains("key=[a\\x1b\\xff]", "val=[\\x00\\x00");
    assertThat(show("-t", "-n", "1", "-o", "json").get(0)).contains("\"key64\":\"YRv/\"");
  }

  @Test
  void saysWhatIsDamaged() throws IOException {
    byte[] bytes = Files.readAllBytes(log);
    Files.write(log, Arrays.copyOf(bytes, bytes.length - 3));
    ToolRun run = ToolRun.of(new KumologMain(), log.toString());
    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines()).hasSize(16);
    assertThat(run.err()).endsWith("the last event is cut short: 29 bytes\n");
    bytes[0x30] = 0x55;
    Files.write(log, bytes);
    run = ToolRun.of(new KumologMain(), log.toString());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out().lines()).hasSize(1);
    assertThat(run.err()).endsWith("mgr.mpac: there is no event at offset 44\n");
    run = ToolRun.of(new KumologMain(), folder.resolve("none").toString());
    assertThat(run.err()).endsWith("none: no such file\n");
  }

  /** Random bytes in a log are shown or refused. */
  @Test
  void nothingInALogDoesHarm() throws IOException {
    byte[] sound = Files.readAllBytes(log);
    for (int i = 0; i < sound.length; i++) {
      byte[] bytes = sound.clone();
      bytes[i] ^= (byte) (1 << (i % 8));
      Files.write(log, bytes);
      ToolRun run = ToolRun.of(new KumologMain(), log.toString());
      assertThat(run.exitCode()).as("byte %d: %s", i, run.err()).isBetween(0, 1);
      assertThat(run.err().lines().count()).as("byte %d", i).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void followsALogThatGrowsAndOneThatTakesItsName() throws IOException {
    List<Integer> seen = new ArrayList<>();
    StringWriter out = new StringWriter();
    KumologMain tool = new KumologMain(() -> goOn(seen, out));
    CommandLine line = Cli.commandLine(tool);
    line.setOut(new PrintWriter(out));
    assertThat(line.execute("-f", "-n", "2", log.toString())).isZero();
    assertThat(seen).containsExactly(2, 3, 3, 4);
    assertThat(out.toString()).endsWith("time=[1970-01-01 00:00:02]\n");
  }

  private boolean goOn(List<Integer> seen, StringWriter out) {
    seen.add((int) out.toString().lines().count());
    try {
      switch (seen.size()) {
        case 1 -> write(new BinaryLog.Event("lS", 3, 1));
        case 2 -> Files.move(log, folder.resolve("old"), StandardCopyOption.ATOMIC_MOVE);
        case 3 -> write(new BinaryLog.Event("nS", 3, 2));
        default -> {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
