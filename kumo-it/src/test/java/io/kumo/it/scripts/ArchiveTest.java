package io.kumo.it.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Programs start from an archive of their classes when they can, and without one when not. */
class ArchiveTest {
  private TreeCopy tree;

  @BeforeEach
  void copy() throws Exception {
    tree = new TreeCopy();
    assertThat(tree.run("kumoctl", "--version").exitCode()).isZero();
  }

  @AfterEach
  void remove() throws Exception {
    tree.close();
  }

  private Script kumoctl(String javaOptions) throws Exception {
    Map<String, String> environment = Map.of("KUMO_ARCHIVE", "auto", "KUMO_JAVA_OPTS", javaOptions);
    return Script.exec(environment, tree.command("kumoctl", "--version"));
  }

  private List<Path> besideTheJars(String name) throws IOException {
    try (Stream<Path> files = Files.list(tree.build())) {
      return files.filter(file -> file.getFileName().toString().matches(name)).toList();
    }
  }

  @Test
  void theFirstProgramMakesItAndOnesThatTheJvmRefusesAreNoObstacle() throws Exception {
    Script first = kumoctl("");
    assertThat(first.output()).startsWith("kumo ").hasLineCount(1);
    List<Path> made = besideTheJars("classes-.*");
    assertThat(made).hasSize(1).allMatch(file -> file.toString().endsWith(".jsa"));
    assertThat(besideTheJars("new-.*")).isEmpty();
    String shared = "io.kumo.tools.ctl.KumoctlMain source: shared objects file";
    assertThat(kumoctl("-Xlog:class+load").output()).contains(shared);
    assertThat(Script.exec(Map.of(), tree.command("kumoctl", "--version")).exitCode()).isZero();

    Path archive = made.get(0);
    byte[] whole = Files.readAllBytes(archive);
    Files.delete(archive);
    for (int bytes : List.of(0, 5000, whole.length / 2)) {
      Files.write(archive, Arrays.copyOf(whole, bytes));
      assertThat(kumoctl("")).isEqualTo(first);
    }
    Files.write(archive, whole);
    assertThat(kumoctl("-XX:-UseCompressedOops")).isEqualTo(first);

    Files.setLastModifiedTime(tree.build().resolve("kumo-core.jar"), FileTime.fromMillis(0));
    assertThat(whatWouldBeUsed("kumo_rehearse() { cp /etc/hostname $1/archive; }"))
        .as("another one for jars that have changed")
        .contains("SharedArchiveFile")
        .doesNotContain(archive.toString());
  }

  @Test
  void whyNoneCouldBeMadeIsSaidOnce() throws Exception {
    String fails = "kumo_rehearse() { echo no luck; return 1; }";
    String said = whatWouldBeUsed(fails);
    Path why = besideTheJars("classes-.*").get(0);
    assertThat(said)
        .isEqualTo(
            "kumo: no archive of classes could be made, and programs start slower;"
                + " "
                + why
                + " says why\n\n");
    assertThat(why).hasContent("no luck\n");
    assertThat(whatWouldBeUsed(fails)).isEqualTo("\n");
    Script wrong = Script.exec(Map.of("KUMO_ARCHIVE", "maybe"), tree.command("kumoctl"));
    assertThat(wrong.output()).isEqualTo("kumo: KUMO_ARCHIVE is auto or off, not 'maybe'\n");
    assertThat(wrong.exitCode()).isEqualTo(2);
  }

  /** The options of the JVM, with a part of the launcher replaced. */
  private String whatWouldBeUsed(String replaced) throws Exception {
    List<String> command = new ArrayList<>(List.of("bash", "-c"));
    command.add(
        ". "
            + tree.path("scripts/lib/launch.sh")
            + "; kumo_hold_build; JVM=(); "
            + replaced
            + "; kumo_use_archive server; echo \"${JVM[@]}\"");
    return Script.exec(Map.of("KUMO_ARCHIVE", "auto"), command).output();
  }
}
