package io.kumo.it.memcached;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.it.cost.LocalCluster;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Bytes to a whole cluster and the bytes that memcached 1.6.45 answers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExchangeTest {
  private static final String BAD_FORMAT = "CLIENT_ERROR bad command line format\r\n";
  private static final String NOT_LISTED = "CLIENT_ERROR keys are not listed\r\n";

  @TempDir static Path directory;

  private LocalCluster cluster;

  @BeforeAll
  void up() throws IOException {
    cluster = new LocalCluster(directory);
  }

  @AfterAll
  void down() {
    cluster.close();
  }

  private void expect(String request, String reply) throws IOException {
    assertThat(ask(request)).as(request).isEqualTo(reply);
  }

  /** What is answered before the marker behind the request. */
  private String ask(String request) throws IOException {
    try (Wire client = new Wire(cluster.clientAddress())) {
      client.send(request + "mn\r\n");
      StringBuilder answer = new StringBuilder();
      for (String line = client.line(); !line.equals("MN"); line = client.line()) {
        answer.append(line).append("\r\n");
      }
      return answer.toString();
    }
  }

  @Test
  void dataIsNeverExecuted() throws IOException {
    expect("set safe 0 0 1\r\nx\r\n", "STORED\r\n");
    expect("set zz 0 0 11 a b\r\ndelete safe\r\n", "STORED\r\n");
    expect("cas kk 0 0 7\r\nversion\r\n", BAD_FORMAT);
    expect("get safe\r\n", "VALUE safe 0 1\r\nx\r\nEND\r\n");
  }

  @Test
  void theSizeIsThatOfTheItem() throws IOException {
    expect("ms a 2\r\nab\r\nms a 2 MA s\r\ncd\r\n", "HD\r\nHD s4\r\n");
    expect("ms a 1 MP s\r\nx\r\nms b 3 MA N0 s\r\nxyz\r\n", "HD s5\r\nHD s3\r\n");
  }

  @Test
  void aKeyInBase64IsRemembered() throws IOException {
    expect("ms dGQ6aw== 1 b\r\nx\r\nmg td:k k v\r\n", "HD\r\nVA 1 kdGQ6aw== b\r\nx\r\n");
    expect("touch td:k 100\r\nmg td:k k\r\n", "TOUCHED\r\nHD kdGQ6aw== b\r\n");
    expect("set td:k 0 0 1\r\nx\r\nmg dGQ6aw== b k\r\n", "STORED\r\nHD ktd:k\r\n");
  }

  @Test
  void noValueIsSentThatTheClientHas() throws IOException {
    String cas = ask("ms c 1 c\r\nx\r\n").replaceAll("(?s)^HD c(\\d+)\r.*", "$1");
    expect("mg c C" + cas + " v\r\n", "HD\r\n");
    expect("ms c 1\r\ny\r\nmg c C" + cas + " v\r\n", "HD\r\nVA 1\r\ny\r\n");
  }

  @Test
  void keysAreNotListedAtOnceAndItIsSaid() throws IOException {
    expect("stats cachedump 1 0 0\r\n", NOT_LISTED);
  }

  @Test
  void aNumberIsWhatStrtoullTakes() throws IOException {
    for (String value : new String[] {" 7", "+7", "0".repeat(40) + "7", "7\r\n", "7 x"}) {
      String set = "set n 0 0 " + value.length() + "\r\n" + value + "\r\n";
      expect(set + "incr n 1\r\n", "STORED\r\n8\r\n");
      expect(set + "decr n 0002\r\n", "STORED\r\n5\r\n");
      expect(set + "ma n v D+3\r\n", "STORED\r\nVA 2\r\n10\r\n");
    }
  }

  @Test
  void harmlessAdministrationIsAcknowledged() throws IOException {
    expect("cache_memlimit 64\r\nslabs automove 0\r\nslabs automove 1\r\n", "OK\r\n".repeat(3));
    expect("lru mode flat\r\nlru mode segmented\r\n", "OK\r\n".repeat(2));
    expect("lru_crawler enable\r\nlru_crawler disable\r\n", "OK\r\n".repeat(2));
  }
}
