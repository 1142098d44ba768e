package io.kumo.it.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.item.ItemLayout;
import io.kumo.core.route.RouterOptions;
import io.kumo.it.cost.LocalCluster;
import io.kumo.it.process.TextClient;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that writes the original's records refuses what they cannot hold, as the original. */
class OriginalLayoutTest {
  private static final String UNKEPT =
      "CLIENT_ERROR flags need -F and expiry times -E of this gateway";

  @TempDir static Path folder;

  private static LocalCluster cluster;

  @BeforeAll
  static void start() throws IOException {
    cluster = new LocalCluster(folder);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static TextClient gateway(boolean flags, boolean expiry) throws IOException {
    return gateway(new ItemLayout(true, flags, expiry));
  }

  private static TextClient gateway(ItemLayout layout) throws IOException {
    RouterOptions known = RouterOptions.DEFAULT;
    RouterOptions options =
        new RouterOptions(
            known.getRetry(),
            known.setRetry(),
            known.deleteRetry(),
            known.deadlineNs(),
            known.asyncSet(),
            known.asyncDelete(),
            layout,
            known.maxValueBytes());
    return new TextClient(cluster.startGateway(c -> c.withRouter(options)).getPort());
  }

  @Test
  void withoutOptionsNeitherFlagsNorExpiryTimesAreKept() throws IOException {
    try (TextClient client = gateway(false, false)) {
      assertThat(client.line("set p 77 0 1\r\nx\r\n")).isEqualTo(UNKEPT);
      assertThat(client.line("set p 0 100 1\r\nx\r\n")).isEqualTo(UNKEPT);
      assertThat(client.line("set p 0 -1 1\r\nx\r\n")).isEqualTo(UNKEPT);
      assertThat(client.get("p")).isNull();
      assertThat(client.line("set p 0 0 1\r\nx\r\n")).isEqualTo("STORED");
      assertThat(client.line("touch p 100\r\n")).isEqualTo(UNKEPT);
      assertThat(client.line("ms p 1 F5\r\nx\r\n")).isEqualTo(UNKEPT);
      assertThat(client.line("mg p v N30\r\n")).isEqualTo(UNKEPT);
      assertThat(client.get("p")).isEqualTo("x");
    }
  }

  @Test
  void eachOptionKeepsItsOwn() throws IOException {
    try (TextClient client = gateway(true, false)) {
      assertThat(client.line("set f 65535 0 1\r\nx\r\n")).isEqualTo("STORED");
      assertThat(client.line("set f 65536 0 1\r\nx\r\n")).isEqualTo(UNKEPT);
      assertThat(client.line("set f 0 100 1\r\nx\r\n")).isEqualTo(UNKEPT);
      assertThat(client.lines("get f\r\n")).containsExactly("VALUE f 65535 1", "x");
    }
    try (TextClient client = gateway(false, true)) {
      assertThat(client.line("set e 1 0 1\r\nx\r\n")).isEqualTo(UNKEPT);
      assertThat(client.line("set e 0 100 1\r\nx\r\n")).isEqualTo("STORED");
      assertThat(client.line("touch e 1000\r\n")).isEqualTo("TOUCHED");
    }
  }

  /** As with --own-layout: what is written anew has room for everything. */
  @Test
  void recordsOfTheOriginalBecomeOurItems() throws IOException {
    try (TextClient client = gateway(true, true)) {
      assertThat(client.line("set o-1 7 0 1\r\nx\r\n")).isEqualTo("STORED");
      assertThat(client.line("set o-2 8 1000 1\r\ny\r\n")).isEqualTo("STORED");
    }
    try (TextClient client = gateway(new ItemLayout(false, true, true))) {
      assertThat(client.lines("get o-1\r\n")).containsExactly("VALUE o-1 7 1", "x");
      assertThat(client.line("append o-1 0 0 1\r\nz\r\n")).isEqualTo("STORED");
      assertThat(client.line("touch o-2 2000\r\n")).isEqualTo("TOUCHED");
      assertThat(client.line("set o-3 4000000000 0 1\r\nx\r\n")).isEqualTo("STORED");
    }
    try (TextClient client = new TextClient(cluster.clientAddress().getPort())) {
      assertThat(client.lines("get o-1\r\n")).containsExactly("VALUE o-1 7 2", "xz");
      assertThat(client.lines("get o-2\r\n")).containsExactly("VALUE o-2 8 1", "y");
      assertThat(client.lines("get o-3\r\n")).containsExactly("VALUE o-3 4000000000 1", "x");
    }
  }
}
