package io.kumo.gateway.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.route.RouterOptions;
import io.kumo.testkit.cluster.MemoryGateway;
import io.kumo.testkit.fake.FakeServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The stats commands of the text protocol. */
class StatsTest {
  private final MemoryGateway gateway = new MemoryGateway(RouterOptions.DEFAULT);
  private FakeServer first;
  private FakeServer second;

  @BeforeEach
  void attachTwoServers() {
    first = gateway.start(true);
    second = gateway.start(true);
    gateway.show(gateway.viewOf(1, first, second));
  }

  @Test
  void countsWhatClientsDid() {
    gateway.ask("set a 0 0 1\r\nx\r\nget a b\r\nincr c 1\r\ndelete a\r\ntouch a 0\r\n");
    gateway.ask("set b 0 0 1\r\nx\r\ncas b 0 0 1 1\r\ny\r\ncas d 0 0 1 1\r\ny\r\n");
    assertThat(gateway.ask("stats\r\n"))
        .contains("STAT version 1.6.27\r\n")
        .contains("STAT cmd_get 2\r\n", "STAT get_hits 1\r\n", "STAT get_misses 1\r\n")
        .contains("STAT total_items 2\r\n", "STAT evictions 0\r\n")
        .contains("STAT cmd_set 4\r\n", "STAT incr_misses 1\r\n", "STAT delete_hits 1\r\n")
        .contains("STAT touch_misses 1\r\n", "STAT cas_badval 1\r\n", "STAT cas_misses 1\r\n")
        .contains("STAT curr_connections 1\r\n", "STAT failures 0\r\n")
        .endsWith("END\r\n");
    assertThat(gateway.ask("stats reset\r\n")).isEqualTo("RESET\r\n");
    assertThat(gateway.ask("stats\r\n")).contains("STAT cmd_get 0\r\n");
  }

  @Test
  void showsTheServersBehind() {
    gateway.ask("set a 0 0 1\r\nx\r\n");
    assertThat(gateway.ask("stats servers\r\n"))
        .contains("STAT " + first.address() + ":state active\r\n")
        .contains("STAT " + second.address() + ":items ")
        .endsWith("END\r\n");
    gateway.kill(second);
    assertThat(gateway.ask("stats servers\r\n", 3_000))
        .contains("STAT " + first.address() + ":items ")
        .doesNotContain("STAT " + second.address() + ":items ")
        .endsWith("END\r\n");
  }

  @Test
  void showsSettingsItemsAndConnections() {
    assertThat(gateway.ask("stats settings\r\n"))
        .contains("STAT item_size_max 1048576\r\n", "STAT maxconns 1024\r\n")
        .contains("STAT max_unread_bytes 1048576\r\n", "STAT stat_key_prefix :\r\n")
        .endsWith("END\r\n");
    assertThat(gateway.ask("stats items\r\n")).contains("STAT items:1:number ");
    assertThat(gateway.ask("stats conns\r\n")).contains("STAT 1:state ").endsWith("END\r\n");
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
    assertThat(gateway.ask("stats " + argument + " \r\n"))
        .isEqualTo(reply.replace("\\r\\n", "\r\n") + "\r\n");
  }
}
