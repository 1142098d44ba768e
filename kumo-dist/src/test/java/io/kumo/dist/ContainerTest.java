package io.kumo.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The images on a base that debootstrap makes, and what the Makefile does with them, by podman. */
@Tag("slow")
class ContainerTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String BASE = "localhost/kumo-test-base:latest";
  private static final String PORT = "21911";

  @TempDir(cleanup = CleanupMode.NEVER)
  Path folder;

  private final Map<String, String> settings = new HashMap<>();
  private boolean mine;

  @BeforeEach
  void needPodman() throws Exception {
    assumeTrue(Command.need("id", "-u").strip().equals("0"), "podman and debootstrap need root");
    for (String program : List.of("podman", "buildah", "runc", "debootstrap", "make")) {
      assumeTrue(Command.exists(program), program + " is not installed");
    }
    assumeTrue(names().isEmpty(), "containers of another cluster of kumo are there");
    mine = true;
    settings.put("ENGINE", "podman");
    settings.put("ENGINE_FLAGS", "--log-level=fatal --runtime runc --cgroup-manager=cgroupfs");
    settings.put("BUILD_FLAGS", "--isolation chroot");
    settings.put("RUN_FLAGS", "--ulimit nofile=1024:4096 --ulimit nproc=1024:2048");
    settings.put("TAG", "test");
    settings.put("BASE", BASE);
    settings.put("PORT", PORT);
    settings.put("PACKAGES", Packed.target().toString());
  }

  @AfterEach
  void stop() throws Exception {
    if (mine) {
      make("stop-cluster");
      Command.need("rm", "-rf", "--one-file-system", folder.toString());
    }
  }

  private static List<String> names() throws IOException, InterruptedException {
    return podman("ps", "--all", "--format", "{{.Names}}")
        .lines()
        .filter(name -> name.startsWith("kumo-"))
        .toList();
  }

  private static String podman(String... arguments) throws IOException, InterruptedException {
    List<String> words =
        new ArrayList<>(
            List.of("podman", "--log-level=fatal", "--runtime=runc", "--cgroup-manager=cgroupfs"));
    words.addAll(List.of(arguments));
    return Command.need(words.toArray(String[]::new));
  }

  private String make(String target) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("make", "-s", target));
    settings.forEach((name, value) -> words.add(name + "=" + value));
    Path containers = Packed.root().resolve("kumo-dist/containers");
    return Command.run(words, Map.of(), containers).needed(words);
  }

  private void makeBase() throws Exception {
    String suite = Command.need("sh", "-c", ". /etc/os-release; echo $VERSION_CODENAME").strip();
    String root = folder.resolve("base").toString();
    String packages = "--include=default-jre-headless";
    Command.need("debootstrap", "--variant=minbase", packages, suite, root);
    Command.need("sh", "-c", "rm -rf \"$0\"/var/cache/apt \"$0\"/var/lib/apt/lists", root);
    String tar = folder.resolve("base.tar").toString();
    Command.need("tar", "-C", root, "-cf", tar, ".");
    podman("import", "--quiet", tar, BASE);
  }

  /** Through the published port. */
  private static String ask(String request) throws IOException, InterruptedException {
    String open = "exec 3<>/dev/tcp/127.0.0.1/" + PORT + "; printf '" + request;
    return Command.need("bash", "-c", open + "quit\\r\\n' >&3; timeout 20 cat <&3");
  }

  private static void awaitAnswer(String request, String answer) {
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(ask(request)).isEqualTo(answer));
  }

  @Test
  void theClusterServesGrowsLosesAServerAndEnds() throws Exception {
    makeBase();
    String images = make("images");
    System.out.print(images);
    assertThat(images.lines()).hasSize(4).allMatch(line -> line.matches("kumo-\\w+:test \\d+ MB"));
    assertThat(make("start-cluster")).contains("127.0.0.1:" + PORT);
    awaitAnswer(
        "set hello 0 0 5\\r\\nworld\\r\\nget hello\\r\\n",
        "STORED\r\nVALUE hello 0 5\r\nworld\r\nEND\r\n");
    healthy();
    withoutPrivileges();
    startedFromAnArchiveOfClasses();
    assertThat(make("add-server")).contains("kumo-server-4");
    assertThat(make("status").split("\\(active\\)", -1)).hasSize(5);
    podman("kill", "kumo-server-1");
    awaitAnswer("get hello\\r\\n", "VALUE hello 0 5\r\nworld\r\nEND\r\n");
    awaitAnswer("set more 0 0 1\\r\\nx\\r\\n", "STORED\r\n");
    assertThat(make("add-client")).contains("kumo-client-1");
    String get = "exec 3<>/dev/tcp/127.0.0.1/11211; printf 'get more\\r\\nquit\\r\\n' >&3; cat <&3";
    assertThat(podman("exec", "kumo-client-1", "bash", "-c", get))
        .isEqualTo("VALUE more 0 1\r\nx\r\nEND\r\n");
    signalsEndInOrder();
    make("stop-cluster");
    assertThat(names()).isEmpty();
  }

  private static void healthy() throws Exception {
    for (String name : List.of("kumo-manager-1", "kumo-server-1", "kumo-gateway-1")) {
      podman("healthcheck", "run", name);
    }
    podman("exec", "kumo-gateway-1", "kumo-healthcheck", "gateway", "--ready");
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(
            () -> podman("exec", "kumo-server-1", "kumo-healthcheck", "server", "--ready"));
  }

  private static void withoutPrivileges() throws Exception {
    String probe =
        "id -u; touch /opt/x 2>/dev/null && echo writable; grep CapEff /proc/self/status";
    assertThat(podman("exec", "kumo-server-1", "sh", "-c", probe).lines())
        .containsExactly("11211", "CapEff:\t0000000000000000");
  }

  private static void startedFromAnArchiveOfClasses() throws Exception {
    String used = "tr '\\0' '\\n' < /proc/1/cmdline | sed -n s/-XX:SharedArchiveFile=//p";
    String archive = podman("exec", "kumo-server-1", "sh", "-c", used).strip();
    assertThat(archive).startsWith("/var/cache/kumo/classes-");
    String mapped = "grep -c " + archive + " /proc/1/maps";
    assertThat(podman("exec", "kumo-server-1", "sh", "-c", mapped).strip()).isNotEqualTo("0");
  }

  private static void signalsEndInOrder() throws Exception {
    for (String name : List.of("kumo-gateway-1", "kumo-server-2", "kumo-manager-2")) {
      podman("stop", "--time", "60", name);
      assertThat(podman("inspect", "--format", "{{.State.ExitCode}}", name).strip())
          .as(name)
          .isEqualTo("0");
    }
  }
}
