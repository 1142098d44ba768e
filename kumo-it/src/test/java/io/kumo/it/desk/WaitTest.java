package io.kumo.it.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.it.process.FreePorts;
import io.kumo.it.process.KumoProcess;
import io.kumo.it.process.Tool;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Waiting for nodes and for a settled cluster, and kumotop by its other name. */
class WaitTest {
  @TempDir Path directory;

  @Test
  void waitsForNodesAndForASettledCluster() throws Exception {
    try (DeskCluster cluster = DeskCluster.up(directory, 1, 3, 2)) {
      assertThat(cluster.kumoctl("wait").exitCode()).isZero();
      assertThat(cluster.kumoctl("wait", cluster.manager(0), cluster.server(1)).exitCode())
          .isZero();
      KumoProcess.Result early = cluster.kumoctl("wait", cluster.server(2), "--for", "10ms");
      assertThat(early.exitCode()).isEqualTo(3);
      assertThat(early.errors()).contains(cluster.server(2) + " is not there");

      cluster.startServer(2);
      assertThat(cluster.kumoctl("wait", cluster.server(2)).exitCode()).isZero();
      assertThat(cluster.kumoctl("attach").exitCode()).isZero();
      assertThat(cluster.kumoctl("wait").exitCode()).isZero();
      assertThat(cluster.kumoctl("status", "-o", "table").exitCode()).isZero();

      KumoProcess.Result nodes = cluster.kumoctl("nodes", "--columns", "node,incarnation");
      assertThat(nodes.output())
          .containsPattern("(?m)^" + cluster.server(2) + "\t[0-9]+$")
          .contains(cluster.manager(0) + "\t-\n");
      assertThat(cluster.kumoctl("nodes", "--columns", "colour").errors())
          .contains("no column 'colour'; there are role, node, state");
      assertThat(cluster.kumoctl("nodes", "-o", "json").output()).contains("\"incarnation\":\"");

      String gateway = "127.0.0.1:" + cluster.clientPort();
      assertThat(cluster.kumoctl("wait", gateway).exitCode()).isZero();
      cluster.stopServer(2);
      KumoProcess.Result lost = cluster.kumoctl("wait", "--for", "100ms");
      assertThat(lost.exitCode()).isEqualTo(3);
      assertThat(lost.errors()).contains(cluster.server(2));
      assertThat(cluster.kumoctl("wait", "no:such:node").exitCode()).isEqualTo(2);

      KumoProcess.Result top = cluster.kumoctl("top", "-n", "1");
      assertThat(top.exitCode()).as(top.errors()).isZero();
      assertThat(top.output()).contains(cluster.server(0), cluster.server(1));
    }
  }

  @Test
  void aManagerThatIsNotThereIsLostSightOf() {
    String nobody = "127.0.0.1:" + FreePorts.one();
    KumoProcess.Result lost = Tool.kumoctl(nobody, "wait", "--timeout", "500ms");
    assertThat(lost.exitCode()).isEqualTo(1);
    assertThat(lost.errors()).contains(nobody);
  }
}
