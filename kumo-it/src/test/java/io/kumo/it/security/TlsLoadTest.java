package io.kumo.it.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kumo.core.security.TlsFiles;
import io.kumo.core.testing.TestCertificates;
import io.kumo.it.process.ClusterProcesses;
import io.kumo.it.process.KumoProcess;
import io.kumo.it.process.Tool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kumobench with a gateway that speaks TLS, in processes of their own. */
class TlsLoadTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path directory;

  private String gateway = "";

  @Test
  void everyLoadIsSpokenByTlsWithACertificateAndNoneWithout() {
    TlsFiles node = TestCertificates.copy("node", directory);
    TlsFiles client = TestCertificates.copy("client", directory);
    try (ClusterProcesses cluster = new ClusterProcesses(directory, 1)) {
      cluster.startAll();
      cluster.useGatewayArguments(
          "--tls-cert", node.certificate().toString(),
          "--tls-key", node.key().toString(),
          "--tls-client-ca", node.authority().toString());
      cluster.startGateway();
      gateway = "tls://127.0.0.1:" + cluster.gatewayPort();
      String trust = "--tls-ca " + node.authority();
      String own = trust + " --tls-cert " + client.certificate() + " --tls-key " + client.key();
      String once = own + " --connects 1 --key-prefix none";
      await().atMost(PATIENCE).until(() -> kumobench(once).exitCode() == 0);
      for (String protocol : List.of("text", "meta", "binary")) {
        assertServed(own + " -m get=3,set=1,mget=1 -k 100 -c 4 -n 5 -d 2s -w 1s -P " + protocol);
      }
      // Several records of TLS in a request and in an answer, and many requests in a record.
      assertServed(
          own + " -m get=1,set=1 -k 20 -s 30000-100000 -c 2 -n 4 -d 2s -w 1s --key-prefix l");
      assertThat(kumobench(trust + " --connects 1").exitCode()).as("without one").isEqualTo(1);
      assertThat(kumobench("--connects 1").errors()).contains("certification path");
    }
  }

  private void assertServed(String options) {
    KumoProcess.Result result = kumobench(options);
    assertThat(result.exitCode()).as(result.output() + result.errors()).isZero();
  }

  private KumoProcess.Result kumobench(String options) {
    List<String> all = new ArrayList<>(List.of(gateway));
    all.addAll(Arrays.asList(options.trim().split(" +", -1)));
    return Tool.kumobench(all.toArray(String[]::new));
  }
}
