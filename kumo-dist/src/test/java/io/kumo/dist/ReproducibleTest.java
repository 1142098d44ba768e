package io.kumo.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Built again from the sources alone, elsewhere and with other settings: the same packages. */
@Tag("slow")
class ReproducibleTest {
  @TempDir Path folder;

  private static String sha256(Path file) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
  }

  @Test
  void anotherBuildGivesTheSamePackages() throws Exception {
    assumeFalse(
        System.getProperty("kumo.maven", "").equals("offline: true"),
        "Maven makes no SBOM offline");
    String copy =
        "tar -C \"$0\" --exclude=target --exclude=.git --exclude='.kumo*' -cf - ."
            + " | tar -C \"$1\" -xf -";
    Command.need("sh", "-c", copy, Packed.root().toString(), folder.toString());
    List<String> build =
        List.of("mvn", "-B", "-ntp", "-q", "-pl", "kumo-dist", "-am", "-DskipTests", "package");
    Command.run(build, Map.of("TZ", "Asia/Tokyo", "LC_ALL", "C"), folder).needed(build);
    for (Path packed : List.of(Packed.tar(), Packed.deb())) {
      Path again = folder.resolve("kumo-dist/target").resolve(packed.getFileName());
      System.out.println(packed.getFileName() + " " + sha256(packed));
      assertThat(sha256(again)).as(again.toString()).isEqualTo(sha256(packed));
    }
  }
}
