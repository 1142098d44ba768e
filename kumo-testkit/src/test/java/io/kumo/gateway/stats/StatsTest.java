package io.kumo.gateway.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.route.RouterOptions;
import io.kumo.gateway.testing.FakeServer;
import io.kumo.gateway.testing.SimulatedCluster;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The stats commands of the text protocol. */
class StatsTest {
  private final SimulatedCluster cluster = new SimulatedCluster(RouterOptions.DEFAULT);
  private FakeServer first;
  private FakeServer second;

  @BeforeEach
  void attachTwoServers() {
    first = cluster.start(true);
    second = cluster.start(true);
    cluster.show(cluster.viewOf(1, first, second));
  }

  @Test
  void countsWhatClientsDid() {
    cluster.ask("set a 0 0 1\r\nx\r\nget a b\r\nincr c 1\r\ndelete a\r\ntouch a 0\r\n");
    cluster.ask("set b 0 0 1\r\nx\r\ncas b 0 0 1 1\r\ny\r\ncas d 0 0 1 1\r\ny\r\n");
    assertThat(cluster.ask("stats\r\n"))
        .contains("STAT version 1.6.27\r\n")
        .contains("STAT cmd_get 2\r\n", "STAT get_hits 1\r\n", "STAT get_misses 1\r\n")
        .contains("STAT total_items 2\r\n", "STAT evictions 0\r\n")
        .contains("STAT cmd_set 4\r\n", "STAT incr_misses 1\r\n", "STAT delete_hits 1\r\n")
        .contains("STAT touch_misses 1\r\n", "STAT cas_badval 1\r\n", "STAT cas_misses 1\r\n")
        .contains("STAT curr_connections 1\r\n", "STAT failures 0\r\n")
        .endsWith("END\r\n");
    assertThat(cluster.ask("stats reset\r\n")).isEqualTo("RESET\r\n");
    assertThat(cluster.ask("stats\r\n")).contains("STAT cmd_get 0\r\n");
  }

  @Test
  void showsTheServersBehind() {
    cluster.ask("set a 0 0 1\r\nx\r\n");
    assertThat(cluster.ask("stats servers\r\n"))
        .contains("STAT " + first.address() + ":state active\r\n")
        .contains("STAT " + second.address() + ":items ")
        .endsWith("END\r\n");
    cluster.kill(second);
    assertThat(cluster.ask("stats servers\r\n", 3_000))
        .contains("STAT " + first.address() + ":items ")
        .doesNotContain("STAT " + second.address() + ":items ")
        .endsWith("END\r\n");
  }

  @Test
  void showsSettingsItemsAndConnections() {
    assertThat(cluster.ask("stats settings\r\n"))
        .contains("STAT item_size_max 1048576\r\n", "STAT maxconns 1024\r\n")
        .contains("STAT max_unread_bytes 1048576\r\n", "STAT stat_key_prefix :\r\n")
        .endsWith("END\r\n");
    assertThat(cluster.ask("stats items\r\n")).contains("STAT items:1:number ");
    assertThat(cluster.ask("stats conns\r\n")).contains("STAT 1:state ").endsWith("END\r\n");
  }

  @ParameterizedTest
  @CsvSource({
    "foo,ERROR",
    "detail,CLIENT_ERROR usage: stats detail on|off|dump",
    "detail on,OK",
    "detail off,OK",
    "detail dump,END",
    "cachedump 1 1,CLIENT_ERROR keys are not listed",
    "sizes,STAT sizes_status disabled\\r\\nEND"
  })
  void answersTheRestAsMemcachedDoes(String argument, String reply) {
    assertThat(cluster.ask("stats " + argument + " \r\n"))
        .isEqualTo(reply.replace("\\r\\n", "\r\n") + "\r\n");
  }
}
