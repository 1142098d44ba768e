package io.kumo.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A Debian of its own: made by debootstrap, booted by systemd-nspawn with its own systemd and with
 * no network but its own loopback. One thread.
 */
final class DebianMachine implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Path root;
  private @Nullable Process booted;

  private DebianMachine(Path root) {
    this.root = root;
  }

  /** Why this machine cannot make one, if it cannot. */
  static Optional<String> missing() throws IOException, InterruptedException {
    if (!Command.need("id", "-u").strip().equals("0")) {
      return Optional.of("debootstrap needs root");
    }
    for (String program : List.of("debootstrap", "systemd-nspawn", "nsenter")) {
      if (!Command.exists(program)) {
        return Optional.of(program + " is not installed");
      }
    }
    return Optional.empty();
  }

  /**
   * Downloads it, of the kind of the Debian that this runs on.
   *
   * @param root made by this
   * @param packages beside the essential ones
   */
  static DebianMachine make(Path root, String packages) throws IOException, InterruptedException {
    String suite = Command.need("sh", "-c", ". /etc/os-release; echo $VERSION_CODENAME").strip();
    Command.need(
        "debootstrap", "--variant=minbase", "--include=" + packages, suite, root.toString());
    return new DebianMachine(root);
  }

  Path path(String name) {
    return root.resolve(name.substring(1));
  }

  /**
   * Runs a command in it: beside its systemd when it is booted, and else alone with the network.
   */
  Command run(String... words) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>();
    if (booted == null) {
      all.addAll(nspawn());
      all.add("--pipe");
    } else {
      all.addAll(List.of("nsenter", "-t", Long.toString(leader().pid()), "-a", "--"));
    }
    all.addAll(List.of("env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C"));
    all.addAll(List.of(words));
    return Command.run(all, Map.of(), Path.of("/"));
  }

  String need(String... words) throws IOException, InterruptedException {
    return run(words).needed(List.of(words));
  }

  void install(Path deb) throws IOException, InterruptedException {
    Files.copy(deb, path("/root/" + deb.getFileName()));
    String inside = "/root/" + deb.getFileName();
    need("apt-get", "install", "-y", "-qq", "--no-install-recommends", inside);
    Files.delete(path(inside));
  }

  private ProcessHandle leader() {
    Process nspawn = booted;
    if (nspawn == null) {
      throw new IllegalStateException("not booted");
    }
    try (Stream<ProcessHandle> children = nspawn.children()) {
      return children.findFirst().orElseThrow();
    }
  }

  private List<String> nspawn() {
    List<String> words = new ArrayList<>(List.of("systemd-nspawn", "-q", "-D", root.toString()));
    words.add("--register=no");
    if (!Files.isDirectory(Path.of("/run/systemd/system"))) {
      words.add("--keep-unit"); // nobody could make a unit for it
    }
    return words;
  }

  void boot() throws IOException {
    List<String> words = nspawn();
    words.addAll(List.of("--boot", "--private-network"));
    booted =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(root.resolveSibling(root.getFileName() + ".log").toFile())
            .start();
    Awaitility.await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> run("systemctl", "is-system-running").output().strip().equals("running"));
  }

  /** Powers it off and removes all of it. */
  @Override
  public void close() throws IOException {
    try {
      powerOff();
      Command.need("rm", "-rf", "--one-file-system", root.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void powerOff() throws InterruptedException {
    Process nspawn = booted;
    if (nspawn != null) {
      nspawn.destroy();
      if (!nspawn.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        nspawn.destroyForcibly();
      }
    }
  }
}
