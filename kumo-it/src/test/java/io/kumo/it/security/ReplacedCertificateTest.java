package io.kumo.it.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.it.process.ClusterProcesses;
import io.kumo.it.process.KumoProcess;
import io.kumo.it.process.TextClient;
import io.kumo.it.process.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that know each other by certificates, which are replaced while clients write. */
class ReplacedCertificateTest {
  private static final String HOST = "127.0.0.1";

  @TempDir Path directory;

  @Test
  void nobodyNoticesAndABadOneChangesNothing() throws Exception {
    Path made = directory.resolve("certificates");
    cert("init", made.toString());
    cert("node", made.toString(), HOST);
    cert("client", made.toString(), "alice");
    Path certificate = directory.resolve("node.crt");
    Path key = directory.resolve("node.key");
    replace(made.resolve(HOST + ".crt"), certificate);
    replace(made.resolve(HOST + ".key"), key);
    try (ClusterProcesses cluster = new ClusterProcesses(directory, 2)) {
      cluster.useSecurity(options(certificate, key, made));
      cluster.startAll();
      AtomicBoolean stop = new AtomicBoolean();
      CompletableFuture<Integer> load =
          CompletableFuture.supplyAsync(() -> write(cluster.gatewayPort(), stop));
      Path other = directory.resolve("other");
      reissue(made, other);
      replace(other.resolve(HOST + ".key"), key);
      replace(other.resolve(HOST + ".crt"), certificate);
      KumoProcess.Result reloaded = cluster.kumoctl(0, "reload");
      assertThat(reloaded.exitCode()).as(reloaded.errors()).isZero();
      assertThat(reloaded.output())
          .contains(cluster.manager(0) + ": the certificate for cluster: reloaded")
          .contains(cluster.server(1) + ": the certificate for cluster: reloaded");
      Files.writeString(certificate, "nonsense");
      assertBadOneIsNamed(cluster, certificate, made);
      replace(other.resolve(HOST + ".crt"), certificate);
      stop.set(true);
      assertThat(load.get()).as("writes until it was stopped").isPositive();
      cluster.startGateway();
      cluster.awaitStores();
    }
  }

  /** As alice, whose certificate is good for asking, while the nodes' file is not. */
  private static void assertBadOneIsNamed(ClusterProcesses cluster, Path certificate, Path made) {
    String[] alice = options(made.resolve("alice.crt"), made.resolve("alice.key"), made);
    String[] command = new String[alice.length + 2];
    command[0] = cluster.manager(0);
    command[1] = "reload";
    System.arraycopy(alice, 0, command, 2, alice.length);
    KumoProcess.Result bad = Tool.kumoctl(command);
    assertThat(bad.exitCode()).isEqualTo(1);
    assertThat(bad.output())
        .contains("the certificate for cluster not reloaded, the old one stays: " + certificate);
    assertThat(cluster.process("manager-0").output()).contains("KUMO-1004");
  }

  /** Whose order goes wrong is told, so that the test fails. */
  private static int write(int port, AtomicBoolean stop) {
    int writes = 0;
    try (TextClient client = new TextClient(port)) {
      while (!stop.get()) {
        String answer = client.set("key", Integer.toString(writes));
        assertThat(answer).isEqualTo("STORED");
        writes++;
      }
      return writes;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String[] options(Path certificate, Path key, Path made) {
    return new String[] {
      "--cluster-cert", certificate.toString(),
      "--cluster-key", key.toString(),
      "--cluster-ca", made.resolve("ca.crt").toString()
    };
  }

  /** Another certificate of the same authority for the same host. */
  private static void reissue(Path made, Path other) throws IOException {
    Files.createDirectory(other);
    for (String file : new String[] {"ca.crt", "ca.key"}) {
      Files.copy(made.resolve(file), other.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
    }
    cert("node", other.toString(), HOST);
  }

  private static void replace(Path from, Path to) throws IOException {
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
  }

  private static void cert(String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = HOST;
    all[1] = "cert";
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    KumoProcess.Result result = Tool.kumoctl(all);
    assertThat(result.exitCode()).as(result.errors()).isZero();
  }
}
