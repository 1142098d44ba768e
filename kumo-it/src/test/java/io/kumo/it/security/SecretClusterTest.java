package io.kumo.it.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.it.process.ClusterProcesses;
import io.kumo.it.process.KumoProcess;
import io.kumo.it.process.TextClient;
import io.kumo.it.process.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of processes that have a secret in common. */
class SecretClusterTest {
  @TempDir Path directory;

  @Test
  void itServesThoseWhoHaveItAndNobodyElse() throws Exception {
    Path secret = secret("cluster.secret", "the secret of this cluster");
    try (ClusterProcesses cluster = new ClusterProcesses(directory, 2, 3)) {
      cluster.useSecurity("--secret-file", secret.toString());
      cluster.startAll();
      try (TextClient client = new TextClient(cluster.gatewayPort())) {
        assertThat(client.set("key", "value")).isEqualTo("STORED");
      }
      assertRefused(Tool.kumoctl(cluster.manager(0), "status"), "does it want --secret-file");
      Path other = secret("other.secret", "the secret of another cluster");
      assertRefused(
          Tool.kumoctl(cluster.manager(0), "status", "--secret-file", other.toString()),
          "it refuses this process: its secret is not this cluster's (--secret-file)");
      assertRefused(Tool.kumostat(cluster.server(0), "pid"), "does it want --secret-file");
      assertThat(cluster.process("manager-0").output())
          .contains("KUMO-1005")
          .contains("it does not shake hands. A node or tool of kumo needs --secret-file")
          .doesNotContain("the secret of");
    }
  }

  private static void assertRefused(KumoProcess.Result result, String why) {
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output()).isEmpty();
    assertThat(result.errors()).contains(why);
  }

  private Path secret(String name, String words) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, words + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }
}
