package io.kumo.it.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * No page has a block of commands that no test types: one whose first word is a program or a
 * script, or {@code $} in front of one.
 */
class PageBlocksTest {
  private static final String README = "README.md";
  private static final String INSTALL = "docs/install.md";
  private static final String MIGRATION = "docs/migration.md";
  private static final String COMMANDS = "PageCommandsTest";

  private static final Pattern COMMAND =
      Pattern.compile(
          "(\\$ )?(scripts/|kumo|mvn |make |cd |apt |systemctl |curl |tar |exec |redis|kubectl |docker"
              + "|podman |java |openssl |source |[A-Z_]+=).*");

  /** By page and the start of the first line: the class of the test. */
  private static final Map<String, String> TYPED =
      Map.ofEntries(
          Map.entry(README + " scripts/cluster up", "ReadmeTest"),
          Map.entry(README + " exec 3<>", "ReadmeTest"),
          Map.entry(README + " scripts/kumo-manager", COMMANDS),
          Map.entry(README + " curl", COMMANDS),
          Map.entry("docs/http.md K=", "HttpKeysTest"),
          Map.entry("docs/kumoctl.md $ kumoctl MANAGER verify", "RepairTest"),
          Map.entry("docs/kumoctl.md $ kumoctl", "LookTest"),
          Map.entry("docs/kumoctl.md kumoctl MANAGER export", "ExportTest"),
          Map.entry("docs/operations.md kumoctl MANAGER", "OperationsTest"),
          Map.entry("docs/consistency.md kumoctl MANAGER force-view", "ForceViewTest"),
          Map.entry("docs/security.md scripts/kumoctl cert", COMMANDS),
          Map.entry("docs/users.md kumoctl user add", COMMANDS),
          Map.entry("docs/local.md scripts/kumo-local", COMMANDS),
          Map.entry(MIGRATION + " scripts/kumo-import srv1", COMMANDS),
          Map.entry(MIGRATION + " scripts/kumo-import -m", COMMANDS),
          Map.entry(MIGRATION + " redis-cli", COMMANDS),
          Map.entry(MIGRATION + " scripts/kumomergedb", COMMANDS),
          Map.entry(INSTALL + " apt install", "DebTest"),
          Map.entry(INSTALL + " KUMO_MANAGER_OPTIONS", "DebTest"),
          Map.entry(INSTALL + " tar -xzf", "PackageTest"),
          Map.entry(INSTALL + " cd kumo-dist/containers", "ContainerTest"),
          Map.entry(INSTALL + " kubectl", "ManifestTest"));

  @Test
  void everyBlockOfCommandsIsTypedByATest() throws IOException {
    List<String> missing = new ArrayList<>();
    for (Map.Entry<String, String> page : Pages.all().entrySet()) {
      for (List<String> block : Pages.blocks(page.getValue())) {
        String start = page.getKey() + " " + block.get(0);
        if (!COMMAND.matcher(block.get(0)).matches()) {
          continue;
        }
        if (TYPED.keySet().stream().noneMatch(start::startsWith)) {
          missing.add(start);
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void theTestsThatTypeThemExist() throws IOException {
    for (String test : TYPED.values()) {
      try (Stream<Path> files = Files.walk(Pages.root())) {
        assertThat(files.anyMatch(file -> file.endsWith(test + ".java"))).as(test).isTrue();
      }
    }
  }
}
