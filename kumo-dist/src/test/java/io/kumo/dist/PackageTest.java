package io.kumo.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tar, unpacked somewhere, is all that the programs need but for a JVM. */
class PackageTest {
  @TempDir static Path folder;

  private static Path unpacked = Path.of("");

  @BeforeAll
  static void unpack() throws Exception {
    Command.need("tar", "-C", folder.toString(), "-xzf", Packed.tar().toString());
    try (Stream<Path> tops = Files.list(folder)) {
      unpacked = tops.findFirst().orElseThrow();
    }
  }

  private static Command run(String program, String... arguments) throws Exception {
    List<String> words =
        Stream.concat(
                Stream.of(unpacked.resolve("bin/" + program).toString()), Stream.of(arguments))
            .toList();
    return Command.run(words, Map.of(), Path.of("/"));
  }

  private static List<String> names(String folder) throws IOException {
    try (Stream<Path> files = Files.list(unpacked.resolve(folder))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void itHoldsWhatIsPromised() throws Exception {
    assertThat(names("."))
        .contains("bin", "lib", "man", "completion", "systemd", "examples", "LICENSE", "NOTICE");
    assertThat(names("bin")).isEqualTo(Packed.programs());
    assertThat(names("completion/bash")).isEqualTo(Packed.programs());
    assertThat(names("man/man1"))
        .contains("kumoctl-attach.1")
        .containsAll(Packed.programs().stream().map(program -> program + ".1").toList());
    assertThat(names("systemd"))
        .contains("kumo-manager.service", "kumo-server@.service", "kumo-gateway.service");
  }

  @Test
  void aProgramOfEachModuleRuns() throws Exception {
    String version = unpacked.getFileName().toString().replace('-', ' ');
    for (String program :
        List.of("kumo-manager", "kumo-server", "kumo-gateway", "kumo-local", "kumoctl")) {
      Command run = run(program, "--version");
      assertThat(run.output().strip().replace('-', ' ')).isEqualTo(version);
    }
    assertThat(run("kumo-server", "--nonsense").exitCode()).isEqualTo(2);
  }

  /** Netty unpacks them to a temporary folder otherwise, and falls back to NIO when it may not. */
  @Test
  void nativeLibrariesAreLoadedFromThePackage() throws Exception {
    Map<String, String> options =
        Map.of("KUMO_JAVA_OPTS", "-Xlog:library=info -Djava.io.tmpdir=/nowhere");
    String untilItServes =
        "bin/kumo-gateway -m 127.0.0.1:1 -t 127.0.0.1:0 >log 2>&1 & until grep -q 'kumo: ' log; do"
            + " kill -0 $! || break; sleep 0.1; done; kill $!; wait $!; cat log";
    Command run = Command.run(List.of("bash", "-c", untilItServes), options, unpacked);
    assertThat(run.output()).contains("Loaded library " + unpacked + "/lib/kumo/native/libnetty");
  }

  @Test
  void anArchiveOfClassesIsMadeOfThePackageInACache() throws Exception {
    Path cache = folder.resolve("cache/kumo");
    String use =
        ". lib/kumo/launch.sh; kumo_hold_build; XDG_CACHE_HOME=" + cache.getParent() + "; JVM=();";
    String asUser = use + " id() { echo 1000; }; kumo_archive_folders";
    Map<String, String> automatic = Map.of("KUMO_ARCHIVE", "auto");
    assertThat(Command.run(List.of("bash", "-c", asUser), automatic, unpacked).output())
        .isEqualTo("/var/cache/kumo\n" + cache + "\n");
    String there =
        use
            + " kumo_archive_folders() { echo \"$XDG_CACHE_HOME/kumo\"; }; kumo_use_archive server;"
            + " echo \"${JVM[@]}/\"; kumo_use_archive tool; echo \"${JVM[@]}\"";
    assertThat(Command.run(List.of("bash", "-c", there), automatic, unpacked).output())
        .startsWith("/\n")
        .containsPattern("-XX:SharedArchiveFile=" + cache + "/classes-[0-9a-f]+\\.jsa");
  }

  @Test
  void everyJarIsInTheNoticeAndInTheListOfContents() throws Exception {
    String notice = Files.readString(unpacked.resolve("NOTICE"));
    Map<String, String> jars = new TreeMap<>();
    for (String name : names("lib/kumo")) {
      if (name.endsWith(".jar") && !name.startsWith("kumo-")) {
        jars.put(name, name.replaceAll("-\\d.*", ""));
      }
    }
    assertThat(jars).hasSizeGreaterThan(30);
    for (String artifact : jars.values()) {
      assertThat(notice).containsPattern("(?m)(^  |, )" + artifact + "(,|  |$)");
    }
    String maven = System.getProperty("kumo.maven", "");
    assumeFalse(maven.equals("offline: true"), "Maven makes no SBOM offline");
    JsonNode contents = new ObjectMapper().readTree(unpacked.resolve("sbom.cdx.json").toFile());
    Map<String, JsonNode> components = new TreeMap<>();
    for (JsonNode component : contents.get("components")) {
      components.put(component.get("name").asText(), component);
    }
    assertThat(components.keySet()).containsAll(jars.values());
    assertThat(components.values())
        .allSatisfy(
            component -> {
              assertThat(component.get("licenses")).isNotEmpty();
              assertThat(component.get("hashes")).isNotEmpty();
            });
  }

  @Test
  void bashCompletesCommandsAndOptions() throws Exception {
    String script =
        "source completion/bash/kumoctl; COMP_WORDS=(kumoctl 127.0.0.1 att); COMP_CWORD=2;"
            + " _complete_kumoctl; printf '%s\\n' \"${COMPREPLY[@]}\"";
    Command run = Command.run(List.of("bash", "-c", script), Map.of(), unpacked);
    assertThat(run.output().lines()).contains("attach", "attach-noreplace");
  }

  @Test
  void everyEntryBelongsToRootAndHasTheTimeOfTheRelease() throws Exception {
    String list = Command.need("tar", "--full-time", "--utc", "-tvzf", Packed.tar().toString());
    assertThat(list.lines())
        .hasSizeGreaterThan(100)
        .allMatch(line -> line.matches("[d-]rw[x-]r-[x-]r-[x-] root/root +\\d+ .*"))
        .allMatch(line -> line.contains(" 2026-11-20 00:00:00 "));
  }

  /** Put together again, elsewhere and under other habits: the same bytes. */
  @Test
  void theSameSourcesGiveTheSameTree() throws Exception {
    Path again = folder.resolve("elsewhere/tree");
    Files.createDirectories(again);
    String version = unpacked.getFileName().toString().replaceFirst("kumo-", "");
    List<String> stage =
        List.of(
            "bash",
            "-c",
            "umask 077; exec \"$@\"",
            "stage",
            Packed.root().resolve("kumo-dist/src/main/build/stage").toString(),
            version,
            again.toString(),
            Packed.target().resolve("sbom.cdx.json").toString());
    Command.run(stage, Map.of("LC_ALL", "C", "TZ", "Asia/Tokyo", "LANG", "C"), Path.of("/"))
        .needed(stage);
    assertThat(Command.need("diff", "-r", Packed.tree().toString(), again.toString())).isEmpty();
    assertThat(modes(again)).isEqualTo(modes(Packed.tree()));
  }

  private static String modes(Path tree) throws Exception {
    return Command.need(
        "sh", "-c", "cd \"$0\" && find . -printf '%m %p\\n' | sort", tree.toString());
  }
}
