package io.kumo.gateway.memcached;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.gateway.testing.BinaryMessage;
import io.kumo.gateway.testing.RawClient;
import io.kumo.gateway.testing.TestGateway;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The meta commands: outcomes as in memcached's protocol.txt, refusals in the words of 1.6.18. */
class MetaProtocolTest {
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
    assertThat(client.ask(request)).as(request).matches(soonAfter(reply));
  }

  /** A second may end between the setting of a time to live and its reading. */
  private static Pattern soonAfter(String reply) {
    StringBuilder pattern = new StringBuilder();
    Matcher times = Pattern.compile("\\bt(\\d+)\\b").matcher(reply);
    int from = 0;
    while (times.find()) {
      long seconds = Long.parseLong(times.group(1));
      pattern.append(Pattern.quote(reply.substring(from, times.start())));
      pattern.append("t(").append(seconds).append('|').append(seconds - 1).append(')');
      from = times.end();
    }
    return Pattern.compile(pattern + Pattern.quote(reply.substring(from)), Pattern.DOTALL);
  }

  private String cas(String key) throws IOException {
    return client.ask("mg " + key + " c\r\n").substring(4).trim();
  }

  @Test
  void storesAndFetchesWithWhatTheFlagsAskFor() throws IOException {
    expect("ms a 5 F7 T0 k O12\r\nhello\r\n", "HD ka O12\r\n");
    expect("mg a v\r\n", "VA 5\r\nhello\r\n");
    expect("mg a\r\n", "HD\r\n");
    expect("mg a k f v t s O9 u\r\n", "VA 5 ka f7 t-1 s5 O9\r\nhello\r\n");
    expect("mg a h l s\r\n", "HD h0 l0 s5\r\n");
    expect("mg miss v k O1\r\n", "EN kmiss O1\r\n");
    expect("mg miss v q\r\n", "");
    expect("ms e 0\r\n\r\nmg e s v\r\n", "HD\r\nVA 0 s0\r\n\r\n");
    assertThat(client.ask("ms a 1 c\r\nx\r\n")).matches("HD c[1-9]\\d*\r\n");
    expect("ms a 1 q\r\ny\r\nmg a v q\r\n", "VA 1\r\ny\r\n");
  }

  /** What a client of the binary protocol names its keys must not speak to clients of the text. */
  @Test
  void aKeyThatEndsLinesIsToldInBase64() throws IOException {
    for (String key : List.of("a\r\nEN\r\nb", "a b", "a\nb", "a\0b")) {
      try (RawClient binary = gateway.client()) {
        binary.send(BinaryMessage.request(1, key, BinaryMessage.store(0, 0), "x").encoded());
        assertThat(BinaryMessage.read(binary).status()).isZero();
      }
      String encoded = Base64.getEncoder().encodeToString(key.getBytes(US_ASCII));
      expect("mg " + encoded + " b k v\r\n", "VA 1 k" + encoded + " b\r\nx\r\n");
      assertThat(client.ask("me " + encoded + " b\r\n")).startsWith("ME " + encoded + " exp=");
    }
  }

  @Test
  void switchesTheModeOfAStore() throws IOException {
    expect("ms a 1 MA\r\nx\r\n", "NS\r\n");
    expect("ms a 1 MR\r\nx\r\n", "NS\r\n");
    expect("ms a 1 ME\r\nx\r\n", "HD\r\n");
    expect("ms a 1 ME\r\ny\r\n", "NS\r\n");
    expect("ms a 2 MA s\r\nyz\r\n", "HD s3\r\n");
    expect("ms a 1 MP\r\nw\r\n", "HD\r\n");
    expect("mg a v\r\n", "VA 4\r\nwxyz\r\n");
    expect("ms new 1 MA N30\r\nx\r\n", "HD\r\n");
    expect("mg new v t\r\n", "VA 1 t30\r\nx\r\n");
    expect("ms a 1 MX\r\nx\r\n", "CLIENT_ERROR invalid mode for ms M token\r\n");
    expect("ms a 1 MEE\r\nx\r\n", "CLIENT_ERROR incorrect length for M token\r\n");
  }

  @Test
  void comparesAndChoosesCas() throws IOException {
    expect("ms a 1 C5\r\nx\r\n", "NF\r\n");
    client.ask("ms a 1\r\nx\r\n");
    expect("ms a 1 C1\r\ny\r\n", "EX\r\n");
    expect("ms a 1 C" + cas("a") + " E1000 c\r\ny\r\n", "HD c1000\r\n");
    expect("md a C1\r\n", "EX\r\n");
    expect("ma a C1\r\n", "EX\r\n");
    expect("md a C1000 k O1\r\n", "HD ka O1\r\n");
    expect("md a k\r\n", "NF ka\r\n");
    expect("md a q\r\n", "NF\r\n");
  }

  @Test
  void marksStaleAndLetsOneClientWin() throws IOException {
    client.ask("ms a 1 T100\r\nx\r\n");
    expect("md a I T30\r\n", "HD\r\n");
    expect("mg a v t\r\n", "VA 1 t30 X W\r\nx\r\n");
    expect("mg a v\r\n", "VA 1 Z X\r\nx\r\n");
    expect("ms a 1 I C1\r\ny\r\n", "HD\r\n");
    assertThat(client.ask("mg a v\r\n")).startsWith("VA 1 X W");
    expect("ms a 1\r\nz\r\n", "HD\r\n");
    expect("mg a v\r\n", "VA 1\r\nz\r\n");
    expect("md a x\r\n", "HD\r\n");
    expect("mg a v s\r\n", "VA 0 s0\r\n\r\n");
  }

  @Test
  void vivifiesOnAMissAndWinsARecache() throws IOException {
    expect("mg v N30 v t\r\n", "VA 0 t30 W\r\n\r\n");
    expect("mg v N30 v t\r\n", "VA 0 t30 Z\r\n\r\n");
    client.ask("ms r 1 T20\r\nx\r\n");
    expect("mg r R10 v\r\n", "VA 1\r\nx\r\n");
    expect("mg r R30 v t\r\n", "VA 1 t20 W\r\nx\r\n");
    expect("mg r R30 v t\r\n", "VA 1 t20 Z\r\nx\r\n");
    expect("mg r T100\r\nmg r t\r\n", "HD Z\r\nHD t100 Z\r\n");
  }

  @Test
  void counts() throws IOException {
    expect("ma n\r\n", "NF\r\n");
    expect("ma n N0 J13 v t k O1\r\n", "VA 2 t-1 kn O1\r\n13\r\n");
    expect("ma n v D5\r\n", "VA 2\r\n18\r\n");
    expect("ma n\r\n", "HD\r\n");
    expect("ma n MD D100 v\r\n", "VA 1\r\n0\r\n");
    expect("ma n M+ T30 t\r\nma n M- t v\r\n", "HD t30\r\nVA 1 t30\r\n0\r\n");
    expect("ma n q\r\n", "");
    expect("ma miss q\r\n", "NF\r\n");
    expect("ma n Mx\r\n", "CLIENT_ERROR invalid mode for ma M token\r\n");
    expect("ma n Dx\r\n", "CLIENT_ERROR invalid or duplicate flag\r\n");
    client.ask("ms n 1\r\na\r\n");
    expect("ma n q\r\n", "CLIENT_ERROR cannot increment or decrement non-numeric value\r\n");
  }

  @Test
  void readsKeysInBase64() throws IOException {
    expect("ms a2V5 5 b k\r\nhello\r\n", "HD ka2V5 b\r\n");
    expect("mg a2V5 b k v\r\n", "VA 5 ka2V5 b\r\nhello\r\n");
    expect("mg key v k\r\n", "VA 5 ka2V5 b\r\nhello\r\n");
    expect("ms AAEC 1 b\r\nx\r\nmg AAEC b v k\r\n", "HD\r\nVA 1 kAAEC b\r\nx\r\n");
    expect("ms YQ== 1 b\r\nx\r\nmg a v\r\n", "HD\r\nVA 1\r\nx\r\n");
    expect("mg a!bc b v\r\n", "CLIENT_ERROR error decoding key\r\n");
    expect("mg abc b v\r\n", "CLIENT_ERROR error decoding key\r\n");
    expect("md a!bc b\r\n", "CLIENT_ERROR invalid or duplicate flag\r\n");
  }

  @ParameterizedTest
  @CsvSource({
    "mg,ERROR",
    "md,ERROR",
    "ma,ERROR",
    "ms,ERROR",
    "ms a,CLIENT_ERROR bad command line format",
    "ms a abc,CLIENT_ERROR bad command line format",
    "ms a -1,CLIENT_ERROR bad command line format",
    "mx a,ERROR",
    "mg a v v,CLIENT_ERROR duplicate flag",
    "mg a ?,CLIENT_ERROR invalid flag",
    "mg a S,CLIENT_ERROR invalid flag",
    "mg a T,CLIENT_ERROR bad token in command line format",
    "mg a N,CLIENT_ERROR bad token in command line format",
    "mg a C,CLIENT_ERROR bad token in command line format",
    "md a 0,CLIENT_ERROR invalid or duplicate flag",
    "mg a P1 L2 v,EN",
    "mg a Oxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx,EN Oxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "mg a Oxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx,CLIENT_ERROR opaque token too long",
    "mg a a b c d e f g h i j k l m n o p q r s t,CLIENT_ERROR options flags are too long",
    "me miss,EN"
  })
  void answersOddLinesAsMemcachedDoes(String line, String reply) throws IOException {
    expect(line + "\r\n", reply + "\r\n");
  }

  @ParameterizedTest
  @CsvSource({
    "X,invalid flag",
    "c c,duplicate flag",
    "Tx,bad token in command line format",
    "Fx,bad command line format",
    "F4294967296,bad command line format",
    "Cx,bad token in command line format",
    "b,error decoding key"
  })
  void swallowsTheDataOfARefusedStoreAndIsNeverQuietAboutIt(String flags, String error)
      throws IOException {
    expect("ms a 5 q " + flags + "\r\nhello\r\n", "CLIENT_ERROR " + error + "\r\n");
  }

  @Test
  void refusesWhatIsTooLongAndGoesOn() throws IOException {
    String key = "k".repeat(251);
    expect("mg " + key + " v\r\n", "CLIENT_ERROR bad command line format\r\n");
    expect("ms " + key + " 1\r\nx\r\n", "CLIENT_ERROR bad command line format\r\n");
    expect(
        "ms a 1048577 q\r\n" + "x".repeat(1048577) + "\r\n",
        "SERVER_ERROR object too large for cache\r\n");
    expect("ms a 1 q\r\nxyz\r\n", "CLIENT_ERROR bad data chunk\r\nERROR\r\n");
  }

  @Test
  void sendsNoValueThatTheClientHas() throws IOException {
    expect("mg a C1 v\r\n", "EN\r\n");
    client.ask("ms a 2\r\nab\r\n");
    String cas = client.ask("mg a c\r\n").replaceAll("(?s)^HD c(\\d+)\r.*", "$1");
    expect("mg a C" + cas + " v\r\n", "HD\r\n");
    expect("mg a C" + cas + " v f c k\r\n", "HD f0 c" + cas + " ka\r\n");
    expect("mg a C" + cas + "1 v\r\n", "VA 2\r\nab\r\n");
    client.ask("ms a 2\r\nab\r\n");
    expect("mg a C" + cas + " v\r\n", "VA 2\r\nab\r\n");
  }

  @Test
  void tellsTheSizeOfTheWholeItem() throws IOException {
    expect("ms a 2\r\nab\r\nms a 2 MA s\r\ncd\r\n", "HD\r\nHD s4\r\n");
    expect("ms a 1 MP s\r\nx\r\nms a 3 s\r\nxyz\r\n", "HD s5\r\nHD s3\r\n");
  }

  @Test
  void describesAnItem() throws IOException {
    client.ask("ms a 1\r\nx\r\n");
    assertThat(client.ask("me a\r\n"))
        .matches("ME a exp=-1 la=0 cas=[1-9]\\d* fetch=no cls=1 size=\\d+\r\n");
    assertThat(client.ask("me YQ== b\r\n")).startsWith("ME a exp=-1 ");
    client.ask("ms YQ== 1 b\r\nx\r\n");
    assertThat(client.ask("me a\r\n")).startsWith("ME YQ== exp=-1 ");
  }
}
