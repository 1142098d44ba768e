package io.kumo.it.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.tokyo.Tch;
import io.kumo.core.tokyo.TchWriter;
import io.kumo.server.merge.KumomergedbMain;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kumomergedb, whose messages and result are those of kumofs 0.4.13. */
class KumomergedbTest {

  @TempDir Path folder;

  private ProgramRun merge(String... names) {
    return ProgramRun.of(
        new KumomergedbMain(),
        List.of(names).stream()
            .map(name -> name.startsWith("-") ? name : folder.resolve(name).toString())
            .toArray(String[]::new));
  }

  /** Each server of three holds all: the backups were equal. */
  @Test
  void mergesAsTheOriginal() throws IOException {
    for (String name : List.of("srv1.tch-golden", "srv2.tch-golden", "srv3.tch-golden")) {
      Files.write(folder.resolve(name), Tch.resource("small-backup.tch"));
    }
    ProgramRun run = merge("merged.tch", "srv1.tch-golden", "srv2.tch-golden", "srv3.tch-golden");
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out().replace(folder + "/", ""))
        .isEqualTo(new String(Tch.resource("kumomergedb.txt"), StandardCharsets.UTF_8));
    Path merged = folder.resolve("merged.tch");
    assertThat(Tch.dump(merged)).isEqualTo(Tch.goldenDump("merged.hex.txt"));
    assertThat(Files.readAllBytes(merged)).isEqualTo(Tch.resource("merged.tch"));
    assertThat(folder.resolve("merged.tch.tmp")).doesNotExist();
  }

  @Test
  void tchmgrListsTheSame() throws Exception {
    Path source = Tch.golden(folder, "small-backup.tch");
    assertThat(merge("m.tch", source.toString(), source.toString()).exitCode()).isZero();
    assertThat(Tch.tchmgr("list", "-pv", "-px", folder.resolve("m.tch").toString()))
        .isEqualTo(Tch.goldenDump("merged.hex.txt"));
  }

  private void write(String name, Object... keysAndValues) throws IOException {
    try (TchWriter writer = TchWriter.create(folder.resolve(name), 1, 1)) {
      for (int i = 0; i < keysAndValues.length; i += 2) {
        writer.put(Tch.key((String) keysAndValues[i]), (byte[]) keysAndValues[i + 1]);
      }
      writer.finish();
    }
  }

  private List<String> merged() throws IOException {
    return Tch.dump(folder.resolve("dst.tch"));
  }

  private static String line(String key, byte[] value) {
    return Tch.line(Tch.key(key), value);
  }

  @Test
  void theNewestClockTimeWins() throws IOException {
    byte[] newer = Tch.value(9, "newer, and so long that it does not fit");
    write("a.tch", "k", Tch.value(5, "old"), "same", Tch.value(5, "first"), "short", new byte[9]);
    write("b.tch", "k", newer, "same", Tch.value(5, "second"), "gone", Tch.tombstone(7));
    write("c.tch", "k", Tch.value(8, "between"));
    ProgramRun run = merge("dst.tch", "a.tch", "b.tch", "c.tch");
    assertThat(run.out())
        .contains("a.tch...  merged 2 records of 2 records\n")
        .contains("b.tch...  merged 3 records of 4 records\n")
        .contains("c.tch...  merged 3 records of 5 records\n");
    assertThat(merged())
        .containsExactlyInAnyOrder(line("k", newer), line("same", Tch.value(5, "first")));
  }

  @Test
  void addsToADestinationThatIsThere() throws IOException {
    write("dst.tch", "k", Tch.value(5, "mine"), "gone", Tch.tombstone(7), "own", Tch.value(1, ""));
    write("a.tch", "k", Tch.value(4, "older"), "gone", Tch.value(6, "older"));
    write("b.tch", "gone", Tch.value(6, "older"), "new", Tch.value(1, "n"));
    assertThat(merge("dst.tch", "a.tch", "b.tch").exitCode()).isZero();
    assertThat(merged())
        .containsExactlyInAnyOrder(
            line("k", Tch.value(5, "mine")),
            line("gone", Tch.tombstone(7)),
            line("own", Tch.value(1, "")),
            line("new", Tch.value(1, "n")));
  }

  @Test
  void aDamagedSourceLeavesTheDestinationAsItWas() throws IOException {
    write("dst.tch", "k", Tch.value(5, "mine"));
    write("a.tch", "k", Tch.value(6, "newer"));
    write("b.tch", "x", Tch.value(6, "x"));
    byte[] bytes = Files.readAllBytes(folder.resolve("b.tch"));
    bytes[33] = 1;
    Files.write(folder.resolve("b.tch"), bytes);
    List<String> before = merged();
    ProgramRun run = merge("dst.tch", "a.tch", "b.tch");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("b.tch: it was not closed cleanly");
    assertThat(merged()).isEqualTo(before);
    assertThat(folder.resolve("dst.tch.tmp")).doesNotExist();

    run = merge("--salvage", "dst.tch", "a.tch", "b.tch");
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).contains("b.tch: it was not closed cleanly");
    assertThat(merged()).hasSize(2);
  }

  @Test
  void refusesWhatItCannotDo() throws IOException {
    write("a.tch", "k", Tch.value(6, "newer"));
    assertThat(merge("dst.tch", "a.tch").err()).contains("two sources at least are needed");
    assertThat(merge("dst.tch", "a.tch").exitCode()).isEqualTo(2);
    assertThat(merge("none/dst.tch", "a.tch", "a.tch").err()).contains("no such file");
    assertThat(merge("dst.tch", "a.tch", "none.tch").err()).contains("none.tch: no such file");
    Files.createDirectory(folder.resolve("backup"));
    assertThat(merge("dst.tch", "a.tch", "backup").err()).contains("backup: it is a folder");
    assertThat(merge("a.tch", "a.tch", "a.tch").err()).contains("it is the destination, too");
  }
}
