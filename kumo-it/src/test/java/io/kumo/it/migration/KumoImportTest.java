package io.kumo.it.migration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kumo.core.tokyo.Tch;
import io.kumo.core.tokyo.TchWriter;
import io.kumo.tools.importing.KumoImportMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kumo-import tells what is in a database of an original server, and prints it. */
class KumoImportTest {

  @TempDir Path folder;

  private static ProgramRun run(Path file, String... options) {
    String[] arguments = new String[options.length + 1];
    System.arraycopy(options, 0, arguments, 1, options.length);
    arguments[0] = file.toString();
    return ProgramRun.of(new KumoImportMain(), arguments);
  }

  @Test
  void dryRunTellsWhatIsThere() throws IOException {
    Path file = Tch.golden(folder, "small.tch");
    ProgramRun run = run(file, "--dry-run");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("small.tch: Tokyo Cabinet hash file, big endian, 529552 bytes\n")
        .contains("records  10: 8 values, 2 tombstones, 0 too short to be either\n")
        .containsPattern("oldest   2026-11-2\\d .* clock 6\n")
        .containsPattern("newest   2026-11-2\\d .* clock 12\n")
        .endsWith("damage   none\n");
    JsonNode json = new ObjectMapper().readTree(run(file, "--dry-run", "-o", "json").out());
    assertThat(json.get("values").asInt()).isEqualTo(8);
    assertThat(json.get("newest").get("clock").asInt()).isEqualTo(12);
    assertThat(json.get("damage").isNull()).isTrue();
  }

  @Test
  void dryRunTellsOfDamage() throws IOException {
    Path file = Tch.golden(folder, "small.tch");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 50));
    ProgramRun run = run(file, "--dry-run");
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.out()).contains("records  9: ").contains("damage   it is cut short");
    ProgramRun export = run(file, "--to-ndjson");
    assertThat(export.exitCode()).isEqualTo(1);
    assertThat(export.out()).isEmpty();
    assertThat(export.err()).contains("small.tch: it is cut short");
    ProgramRun salvaged = run(file, "--to-ndjson", "--salvage");
    assertThat(salvaged.exitCode()).isZero();
    assertThat(salvaged.out().lines()).hasSize(9);
    assertThat(salvaged.err()).contains("small.tch: it is cut short");
  }

  @Test
  void printsRecordsAsJson() throws IOException {
    Path file = Tch.golden(folder, "small.tch");
    List<String> lines = run(file, "--to-ndjson").out().lines().toList();
    assertThat(lines)
        .hasSize(10)
        .contains("{\"key\":\"a\",\"time\":1795205994,\"clock\":6,\"value\":\"1\"}")
        .contains("{\"key\":\"gone\",\"time\":1795205994,\"clock\":10,\"deleted\":true}")
        .anyMatch(
            line -> line.startsWith("{\"key\":\"bin\"") && line.contains("\"value64\":\"AAEC"));
    assertThat(run(file, "--to-ndjson", "-F", "-E").out())
        .contains(
            "{\"key\":\"flagged\",\"time\":1795205994,\"clock\":11,\"flags\":42,\"value\":\"abc\"}")
        .contains("\"clock\":12,\"flags\":7,\"expiry\":1893456000,\"value\":\"def\"}");
  }

  @Test
  void refusesWhatItCannotDo() throws IOException {
    Path file = Tch.golden(folder, "small.tch");
    assertThat(run(file).exitCode()).isEqualTo(2);
    assertThat(run(file, "--dry-run", "--to-ndjson").exitCode()).isEqualTo(2);
    assertThat(run(folder.resolve("none"), "--dry-run").err()).contains("none: no such file");
    Path text = Files.writeString(folder.resolve("text"), "text");
    assertThat(run(text, "--dry-run").err()).contains("text: it is not a Tokyo Cabinet file");
    try (TchWriter writer = TchWriter.create(folder.resolve("other.tch"), 1, 1)) {
      writer.put(new byte[] {1}, new byte[] {2});
      writer.finish();
    }
    assertThat(run(folder.resolve("other.tch"), "--to-ndjson").err())
        .contains("it is damaged, or not a server's");
  }
}
