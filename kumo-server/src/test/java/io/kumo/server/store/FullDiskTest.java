package io.kumo.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real disks that are really full, mounted in a namespace of the test's own, where the system lets
 * it: {@link DiskFullTest} needs neither. {@code -Dkumo.test.scale=10} fills them thirty times.
 */
class FullDiskTest {
  private static final int SCALE = Integer.getInteger("kumo.test.scale", 1);
  private static final int RUNS = SCALE == 1 ? 2 : 3 * SCALE;

  @TempDir Path temporary;

  @Test
  void aFullTmpfsRefusesWritesLosesNothingAndRecovers() throws Exception {
    run("mount -t tmpfs -o size=24m none \"$1\"", 4 << 20);
  }

  /** Every write that the file system itself refuses is met, as nothing is kept free. */
  @Test
  void aFullFileSystemLosesNothingAndRecovers() throws Exception {
    Path image = temporary.resolve("image");
    run(
        "truncate -s 32M %1$s && mkfs.ext4 -q %1$s && mount -o loop %1$s \"$1\"".formatted(image),
        0);
  }

  private void run(String mount, long minFreeBytes) throws Exception {
    Path directory = Files.createDirectory(temporary.resolve("mounted"));
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/unshare")), "no namespaces here");
    assumeTrue(start(mount, directory, "true").waitFor() == 0, "this test may not mount");
    Process child =
        start(
            mount,
            directory,
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            FullDiskChild.class.getName(),
            directory.toString(),
            Integer.toString(RUNS),
            Long.toString(minFreeBytes));
    assertThat(child.waitFor(30, TimeUnit.MINUTES)).isTrue();
    String said = Files.readString(temporary.resolve("output"));
    assertThat(child.exitValue()).as(said).isZero();
    assertThat(said).contains(RUNS + " full disks").doesNotContain(" 0 writes refused");
    System.out.print(said.substring(said.indexOf(RUNS + " full disks")));
  }

  private Process start(String mount, Path directory, String... command) throws IOException {
    String[] whole = new String[command.length + 7];
    String script = mount + " && shift && exec \"$@\"";
    System.arraycopy(
        new String[] {"unshare", "-m", "sh", "-c", script, "sh", directory.toString()},
        0,
        whole,
        0,
        7);
    System.arraycopy(command, 0, whole, 7, command.length);
    return new ProcessBuilder(whole)
        .redirectErrorStream(true)
        .redirectOutput(temporary.resolve("output").toFile())
        .start();
  }
}
