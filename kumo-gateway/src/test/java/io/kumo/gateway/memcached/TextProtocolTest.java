package io.kumo.gateway.memcached;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.gateway.testing.RawClient;
import io.kumo.gateway.testing.TestGateway;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The classic text protocol, in the words of memcached 1.6.18. */
class TextProtocolTest {
  private TestGateway gateway = TestGateway.start();
  private RawClient client;

  @BeforeEach
  void connect() throws IOException {
    client = gateway.client();
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    gateway.close();
  }

  private void expect(String request, String reply) throws IOException {
    assertThat(client.ask(request)).as(request).isEqualTo(reply);
  }

  @Test
  void storesAndFetches() throws IOException {
    expect("set a 5 0 3\r\nabc\r\n", "STORED\r\n");
    expect("get a\r\n", "VALUE a 5 3\r\nabc\r\nEND\r\n");
    expect("get b\r\n", "END\r\n");
    expect("set empty 4294967295 0 0\r\n\r\n", "STORED\r\n");
    expect("get empty b a\r\n", "VALUE empty 4294967295 0\r\n\r\nVALUE a 5 3\r\nabc\r\nEND\r\n");
  }

  @Test
  void decidesEveryStorageCommandOnWhatIsThere() throws IOException {
    expect("replace a 0 0 1\r\nx\r\n", "NOT_STORED\r\n");
    expect("append a 0 0 1\r\nx\r\n", "NOT_STORED\r\n");
    expect("prepend a 0 0 1\r\nx\r\n", "NOT_STORED\r\n");
    expect("cas a 0 0 1 5\r\nx\r\n", "NOT_FOUND\r\n");
    expect("add a 7 0 1\r\n1\r\n", "STORED\r\n");
    expect("add a 0 0 1\r\nx\r\n", "NOT_STORED\r\n");
    expect("append a 9 0 1\r\n2\r\n", "STORED\r\n");
    expect("prepend a 9 0 1\r\n0\r\n", "STORED\r\n");
    expect("get a\r\n", "VALUE a 7 3\r\n012\r\nEND\r\n");
    expect("replace a 8 0 1\r\nr\r\n", "STORED\r\n");
    expect("get a\r\n", "VALUE a 8 1\r\nr\r\nEND\r\n");
    expect("cas a 0 0 1 0\r\nx\r\n", "EXISTS\r\n");
  }

  @Test
  void neverTakesDataForCommands() throws IOException {
    String badFormat = "CLIENT_ERROR bad command line format\r\n";
    String data = "\r\ndelete safe\r\n";
    expect("set safe 0 0 1\r\nx\r\n", "STORED\r\n");
    expect("set zz 0 0 11 a b" + data, "STORED\r\n");
    expect("cas kk 0 0 11" + data, badFormat);
    expect("cas kk 0 0 11 noreply" + data, "");
    expect("cas kk 0 0 11 1 2 3" + data, "NOT_FOUND\r\n");
    expect("set a x 0 11" + data, badFormat);
    expect("set a 0 0 11 a b c noreply" + data + "get a\r\n", "VALUE a 0 11" + data + "END\r\n");
    String tooMany = " a b c d e f g h i j k l m n o p q r s t u v w x y z";
    expect("add b 0 0 11" + tooMany + data, "STORED\r\n");
    expect("ms c 11" + tooMany + data, "CLIENT_ERROR options flags too long\r\n");
    expect("get safe\r\n", "VALUE safe 0 1\r\nx\r\nEND\r\n");
  }

  @Test
  void endsListsOfKeysByTheirForm() throws IOException {
    expect("lru_crawler metadump all\r\n", "END\r\n");
    expect("lru_crawler metadump hash\r\n", "END\r\n");
    expect("lru_crawler metadump 1,2\r\n", "END\r\n");
    expect("lru_crawler metadump 2\r\n", "END\r\n");
    expect("lru_crawler mgdump all\r\n", "EN\r\n");
    expect("lru_crawler mgdump 2\r\n", "EN\r\n");
    expect("lru_crawler mgdump x\r\n", "BADCLASS invalid class id\r\n");
    expect("mgdump\r\n", "ERROR\r\n");
    expect("lru_crawler enable\r\n", "OK\r\n");
  }

  @Test
  void takesTimesOf32BitsWithoutSign() throws IOException {
    for (String time : new String[] {"2147483648", "4294967295"}) {
      expect("set a 0 " + time + " 1\r\nx\r\n", "STORED\r\n");
      expect("get a\r\n", "VALUE a 0 1\r\nx\r\nEND\r\n");
      expect("touch a " + time + "\r\n", "TOUCHED\r\n");
      expect("gat " + time + " a\r\n", "VALUE a 0 1\r\nx\r\nEND\r\n");
      expect("ms a 1 T" + time + "\r\ny\r\nmg a v\r\n", "HD\r\nVA 1\r\ny\r\n");
      expect("mg n" + time + " N" + time + "\r\nmg n" + time + "\r\n", "HD W\r\nHD Z\r\n");
    }
    expect("set a 0 -1 1\r\nx\r\nget a\r\n", "STORED\r\nEND\r\n");
  }

  @Test
  void storesByCasOnlyWhatHasNotChanged() throws IOException {
    client.ask("set a 0 0 1\r\nx\r\n");
    String cas = client.ask("gets a\r\n").replaceAll("(?s)^VALUE a 0 1 (\\d+)\r.*", "$1");
    expect("cas a 1 0 1 " + cas + "\r\ny\r\n", "STORED\r\n");
    expect("cas a 1 0 1 " + cas + "\r\nz\r\n", "EXISTS\r\n");
    expect("get a\r\n", "VALUE a 1 1\r\ny\r\nEND\r\n");
  }

  @Test
  void counts() throws IOException {
    expect("incr n 1\r\n", "NOT_FOUND\r\n");
    client.ask("set n 0 0 2\r\n10\r\n");
    expect("incr n 5\r\n", "15\r\n");
    expect("decr n 100\r\n", "0\r\n");
    expect("incr n 18446744073709551615\r\n", "18446744073709551615\r\n");
    expect("incr n 2\r\n", "1\r\n");
    expect("incr n 18446744073709551616\r\n", "CLIENT_ERROR invalid numeric delta argument\r\n");
    expect("incr n -1\r\n", "CLIENT_ERROR invalid numeric delta argument\r\n");
    client.ask("set n 0 0 1\r\na\r\n");
    expect("incr n 1\r\n", "CLIENT_ERROR cannot increment or decrement non-numeric value\r\n");
  }

  @Test
  void touchesAndFetchesWithANewExpiry() throws IOException {
    expect("touch a 0\r\n", "NOT_FOUND\r\n");
    client.ask("set a 3 0 1\r\nx\r\n");
    expect("touch a 100\r\n", "TOUCHED\r\n");
    expect("gat 100 a b\r\n", "VALUE a 3 1\r\nx\r\nEND\r\n");
    assertThat(client.ask("gats 0 a\r\n")).matches("VALUE a 3 1 [1-9]\\d*\r\nx\r\nEND\r\n");
    expect("touch a -1\r\n", "TOUCHED\r\n");
    expect("get a\r\n", "END\r\n");
    expect("gat 0\r\n", "END\r\n");
    expect("gat x a\r\n", "CLIENT_ERROR invalid exptime argument\r\n");
    expect("touch a x\r\n", "CLIENT_ERROR invalid exptime argument\r\n");
  }

  @Test
  void hidesWhatHasExpired() throws IOException {
    expect("set a 0 -1 1\r\nx\r\n", "STORED\r\n");
    expect("get a\r\n", "END\r\n");
    expect("add a 0 2592001 0\r\n\r\n", "STORED\r\n");
    expect("get a\r\n", "END\r\n");
    expect("add a 0 100 1\r\ny\r\n", "STORED\r\n");
    expect("get a\r\n", "VALUE a 0 1\r\ny\r\nEND\r\n");
  }

  @Test
  void deletes() throws IOException {
    expect("delete a\r\n", "NOT_FOUND\r\n");
    client.ask("set a 0 0 1\r\nx\r\n");
    expect("delete a 0\r\n", "DELETED\r\n");
    String usage = "CLIENT_ERROR bad command line format.  Usage: delete <key> [noreply]\r\n";
    expect("delete a 5\r\n", usage);
    expect("delete a junk\r\n", usage);
    expect("delete a 0 junk\r\n", usage);
    expect("delete a 0 0 0\r\n", "ERROR\r\n");
    expect("delete\r\n", "ERROR\r\n");
  }

  @Test
  void staysSilentAfterNoreplyEvenOnErrors() throws IOException {
    expect("set a 0 0 1 noreply\r\nx\r\nget a\r\n", "VALUE a 0 1\r\nx\r\nEND\r\n");
    expect("add a 0 0 1 noreply\r\nx\r\n", "");
    expect("append a 0 0 1 noreply\r\ny\r\nget a\r\n", "VALUE a 0 2\r\nxy\r\nEND\r\n");
    expect("incr a 1 noreply\r\n", "");
    expect("incr a x noreply\r\n", "");
    expect("touch a x noreply\r\n", "");
    expect("delete a 5 noreply\r\n", "");
    expect("delete a 0 noreply\r\nget a\r\n", "END\r\n");
    expect("verbosity 1 noreply\r\n", "");
    expect("set a 0 0 x noreply\r\n", "");
    expect("set a 0 0 1 noreply\r\nxyz", "");
  }

  @ParameterizedTest
  @CsvSource({
    "get,ERROR",
    "gets,ERROR",
    "gat,ERROR",
    "'',ERROR",
    "' ',ERROR",
    "x,ERROR",
    "xx y,ERROR",
    "set a 0 0,ERROR",
    "incr a,ERROR",
    "touch a,ERROR",
    "verbosity,ERROR",
    "verbosity 1,OK",
    "verbosity x,CLIENT_ERROR bad command line format",
    "set a 0 0 -1,CLIENT_ERROR bad command line format",
    "set a 0 0 2147483646,CLIENT_ERROR bad command line format",
    "set a 0 0 4294967296,CLIENT_ERROR bad command line format",
    "set a 0 0 abc,CLIENT_ERROR bad command line format",
    "flush_all,CLIENT_ERROR flush_all not allowed",
    "flush_all 1 2 3,ERROR",
    "stats detail,END",
    "misbehave,ERROR",
    "debugtime p,ERROR",
    "shutdown,ERROR: shutdown not enabled",
    "GET a,ERROR",
    "version x,VERSION 1.6.27"
  })
  void answersOddLinesAsMemcachedDoes(String line, String reply) throws IOException {
    expect(line + "\r\n", reply + "\r\n");
    expect(line + "\n", reply + "\r\n");
  }

  @ParameterizedTest
  @CsvSource({"x 0 5", "0 x 5", "-1 0 5", "4294967296 0 5"})
  void swallowsTheDataOfARefusedStore(String arguments) throws IOException {
    expect("set a " + arguments + "\r\nget a\r\n", "CLIENT_ERROR bad command line format\r\n");
  }

  @Test
  void refusesLongKeysAndGoesOn() throws IOException {
    String key = "k".repeat(250);
    expect("set " + key + " 0 0 1\r\nx\r\n", "STORED\r\n");
    expect("get " + key + "\r\n", "VALUE " + key + " 0 1\r\nx\r\nEND\r\n");
    String refused = "CLIENT_ERROR bad command line format\r\n";
    expect("set " + key + "k 0 0 1\r\nx\r\n", refused);
    expect("get a " + key + "k b\r\n", refused);
    expect("delete " + key + "k\r\n", refused);
    expect("incr " + key + "k 1\r\n", refused);
    expect("touch " + key + "k 0\r\n", refused);
  }

  @Test
  void keepsTheOldValueWhenTheNewOneIsTooLarge() throws IOException {
    String largest = "x".repeat(1 << 20);
    client.ask("set a 0 0 1\r\nx\r\n");
    expect(
        "set a 0 0 1048577\r\n" + largest + "x\r\n", "SERVER_ERROR object too large for cache\r\n");
    expect("get a\r\n", "VALUE a 0 1\r\nx\r\nEND\r\n");
    expect("set a 0 0 1048577 noreply\r\n" + largest + "x\r\n", "");
    expect("set a 0 0 1048576\r\n" + largest + "\r\n", "STORED\r\n");
    expect("get a\r\n", "VALUE a 0 1048576\r\n" + largest + "\r\nEND\r\n");
  }

  @Test
  void noticesDataThatIsLongerThanAnnounced() throws IOException {
    expect("set a 0 0 1\r\nxyz\r\n", "CLIENT_ERROR bad data chunk\r\nERROR\r\n");
    expect("set a 0 0 3\r\nabc\n\n", "CLIENT_ERROR bad data chunk\r\n");
    expect("get a\r\n", "END\r\n");
  }

  @Test
  void acceptsAnyBlanksAndBareLineFeeds() throws IOException {
    expect("set   a  5 0   1   \r\nx\r\n", "STORED\r\n");
    expect("  get  a  \n", "VALUE a 5 1\r\nx\r\nEND\r\n");
    expect("set +a +5 +0 +1\nx\r\nget +a\n", "STORED\r\nVALUE +a 5 1\r\nx\r\nEND\r\n");
    expect("get a\u0000b\r\n", "VALUE a 5 1\r\nx\r\nEND\r\n");
  }

  @Test
  void closesOnQuitAfterTheRepliesDue() throws IOException {
    client.send("set a 0 0 1\r\nx\r\nget a\r\nquit\r\nget a\r\n");
    assertThat(client.rest()).isEqualTo("STORED\r\nVALUE a 0 1\r\nx\r\nEND\r\n");
  }

  @Test
  void answersAClientThatHasShutDownItsSide() throws IOException {
    client.send("set a 0 0 1\r\nx\r\nget a\r\nget");
    client.endInput();
    assertThat(client.rest()).isEqualTo("STORED\r\nVALUE a 0 1\r\nx\r\nEND\r\n");
  }

  @ParameterizedTest
  @CsvSource({"GET / HTTP/1.0", "PUT /a HTTP/1.1", "DELETE /a HTTP/1.1"})
  void closesOnHttpWithoutAReply(String line) throws IOException {
    client.send(line + "\r\nHost: x\r\n\r\n");
    assertThat(client.rest()).isEmpty();
  }

  @Test
  void closesOnAnEndlessLineUnlessItIsAGet() throws IOException {
    client.send("x".repeat(3000));
    assertThat(client.rest()).isEmpty();
    try (RawClient other = gateway.client()) {
      StringBuilder keys = new StringBuilder("get");
      for (int i = 0; i < 18_725; i++) {
        keys.append(" k").append(i);
      }
      assertThat(other.ask("set k18000 0 0 1\r\nx\r\n")).isEqualTo("STORED\r\n");
      assertThat(other.ask(keys + "\r\n")).isEqualTo("VALUE k18000 0 1\r\nx\r\nEND\r\n");
    }
  }
}
