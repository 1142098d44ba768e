package io.kumo.it.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.it.process.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines that README.md tells a newcomer to type, typed in its order. */
class ReadmeTest {
  private static final String SERVERS = "127.0.0.1:%d  (active)";

  @TempDir Path folder;

  private int base;

  /** All lines of code up to the table of programs, but for the one that runs all tests. */
  private static List<String> lines() throws IOException {
    String text = Files.readString(Script.folder().resolveSibling("README.md"));
    String start = text.substring(0, text.indexOf("## The programs"));
    return Pages.blocks(start).stream()
        .flatMap(List::stream)
        .filter(line -> !line.equals("scripts/test"))
        .toList();
  }

  /** The same on ports and in a folder that nobody else has; what runs for ever ends. */
  private String here(String line) {
    String cluster = "scripts/cluster $1 --dir " + folder.resolve("cluster");
    return line.replaceAll("scripts/cluster (up|down|(?:kill|start) server-1)", cluster)
        .replace(" up --dir", " up --base-port " + base + " --port " + (base + 300) + " --dir")
        .replace("/11211", "/" + (base + 300))
        .replace(":19700", ":" + base)
        .replace("kumotop", "kumotop -n 2");
  }

  private Script type(String line) throws IOException, InterruptedException {
    String root = Script.folder().getParent().toString();
    return Script.exec(Map.of(), List.of("bash", "-c", "cd " + root + "; " + here(line)));
  }

  @AfterEach
  void down() throws Exception {
    type("scripts/cluster down --wipe");
  }

  @Test
  void everyLineDoesWhatItSays() throws Exception {
    base = FreePorts.row();
    int typed = 0;
    for (String line : lines()) {
      Script run = type(line);
      assertThat(run.exitCode()).as("%s: %s", line, run.output()).isZero();
      if (line.contains("get hello")) {
        assertThat(run.output()).isEqualTo("STORED\r\nVALUE hello 0 5\r\nworld\r\nEND\r\n");
      }
      if (line.contains("attach")) {
        assertThat(run.output()).contains("nil\n", "attached [127.0.0.1:" + (base + 100) + "]");
        Script status = type("scripts/kumoctl 127.0.0.1:19700 status");
        assertThat(status.exitCode()).as(status.output()).isZero();
        for (int server = 0; server < 3; server++) {
          assertThat(status.output()).contains(SERVERS.formatted(base + 100 + server));
        }
      }
      typed++;
    }
    assertThat(typed).isEqualTo(6);
  }
}
