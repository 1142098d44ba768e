package io.kumo.gateway.memcached;

import static io.kumo.gateway.testing.BinaryMessage.counter;
import static io.kumo.gateway.testing.BinaryMessage.number;
import static io.kumo.gateway.testing.BinaryMessage.request;
import static io.kumo.gateway.testing.BinaryMessage.store;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.gateway.testing.BinaryMessage;
import io.kumo.gateway.testing.RawClient;
import io.kumo.gateway.testing.TestGateway;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The binary protocol, with the statuses and bodies of memcached 1.6.18. */
class BinaryProtocolTest {
  private static final int GET = 0x00;
  private static final int SET = 0x01;
  private static final int ADD = 0x02;
  private static final int REPLACE = 0x03;
  private static final int DELETE = 0x04;
  private static final int INCREMENT = 0x05;
  private static final int DECREMENT = 0x06;
  private static final int NOOP = 0x0a;
  private static final int OK = 0;
  private static final int NOT_FOUND = 1;
  private static final int EXISTS = 2;
  private static final int INVALID = 4;

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

  private BinaryMessage ask(BinaryMessage request) throws IOException {
    client.send(request.encoded());
    BinaryMessage reply = BinaryMessage.read(client);
    assertThat(reply.opcode()).isEqualTo(request.opcode());
    assertThat(reply.opaque()).isEqualTo(request.opaque());
    return reply;
  }

  /** For quiet requests: null when nothing was answered. */
  private BinaryMessage askQuietly(BinaryMessage request) throws IOException {
    client.send(request.encoded());
    client.send(request(NOOP, "", "", "").withOpaque(77).encoded());
    BinaryMessage first = BinaryMessage.read(client);
    if (first.opaque() == 77) {
      return null;
    }
    assertThat(BinaryMessage.read(client).opaque()).isEqualTo(77);
    return first;
  }

  private void expect(BinaryMessage request, int status, String text) throws IOException {
    BinaryMessage reply = ask(request);
    assertThat(reply.status()).as("%s", request).isEqualTo(status);
    assertThat(reply.extras() + reply.key() + reply.value()).isEqualTo(text);
  }

  private long set(String key, String value) throws IOException {
    BinaryMessage reply = ask(request(SET, key, store(5, 0), value));
    assertThat(reply.status()).isEqualTo(OK);
    assertThat(reply.cas()).isNotZero();
    return reply.cas();
  }

  @Test
  void storesAndFetches() throws IOException {
    long cas = set("k", "hello");
    BinaryMessage got = ask(request(GET, "k", "", ""));
    assertThat(got.extras()).isEqualTo(number(5));
    assertThat(got.key()).isEmpty();
    assertThat(got.value()).isEqualTo("hello");
    assertThat(got.cas()).isEqualTo(cas);
    assertThat(ask(request(0x0c, "k", "", "")).key()).isEqualTo("k");
    expect(request(GET, "m", "", ""), NOT_FOUND, "Not found");
    expect(request(0x0c, "m", "", ""), NOT_FOUND, "m");
    set("k", "");
    assertThat(ask(request(GET, "k", "", "")).value()).isEmpty();
  }

  @Test
  void staysSilentOnQuietSuccessAndQuietMiss() throws IOException {
    assertThat(askQuietly(request(0x09, "m", "", ""))).isNull();
    assertThat(askQuietly(request(0x0d, "m", "", ""))).isNull();
    assertThat(askQuietly(request(0x1e, "m", number(0), ""))).isNull();
    assertThat(askQuietly(request(0x11, "k", store(0, 0), "1"))).isNull();
    assertThat(askQuietly(request(0x12, "a", store(0, 0), "1"))).isNull();
    assertThat(askQuietly(request(0x13, "a", store(0, 0), "2"))).isNull();
    assertThat(askQuietly(request(0x19, "a", "", "0"))).isNull();
    assertThat(askQuietly(request(0x1a, "a", "", "1"))).isNull();
    assertThat(askQuietly(request(0x15, "a", counter(1, 0, 0), ""))).isNull();
    assertThat(askQuietly(request(0x16, "a", counter(2, 0, 0), ""))).isNull();
    assertThat(askQuietly(request(0x0d, "a", "", "")).value()).isEqualTo("119");
    assertThat(askQuietly(request(0x09, "a", "", "")).value()).isEqualTo("119");
    assertThat(askQuietly(request(0x24, "a", number(0), "")).key()).isEqualTo("a");
    assertThat(askQuietly(request(0x14, "a", "", ""))).isNull();
  }

  @Test
  void answersQuietErrors() throws IOException {
    set("k", "a");
    assertThat(askQuietly(request(0x12, "k", store(0, 0), "1")).status()).isEqualTo(EXISTS);
    assertThat(askQuietly(request(0x13, "m", store(0, 0), "1")).status()).isEqualTo(NOT_FOUND);
    assertThat(askQuietly(request(0x11, "k", store(0, 0), "1").withCas(1)).status())
        .isEqualTo(EXISTS);
    assertThat(askQuietly(request(0x14, "m", "", "")).status()).isEqualTo(NOT_FOUND);
    assertThat(askQuietly(request(0x19, "m", "", "x")).status()).isEqualTo(5);
    assertThat(askQuietly(request(0x15, "m", counter(1, 0, -1), "")).status()).isEqualTo(NOT_FOUND);
    assertThat(askQuietly(request(0x15, "k", counter(1, 0, -1), "")).status()).isEqualTo(6);
  }

  @Test
  void decidesStoresOnWhatIsThereAndOnCas() throws IOException {
    expect(request(REPLACE, "k", store(0, 0), "x"), NOT_FOUND, "Not found");
    expect(request(SET, "k", store(0, 0), "x").withCas(9), NOT_FOUND, "Not found");
    expect(request(0x0e, "k", "", "x"), 5, "Not stored.");
    expect(request(ADD, "k", store(0, 0), "x"), OK, "");
    expect(request(ADD, "k", store(0, 0), "x"), EXISTS, "Data exists for key.");
    long cas = set("k", "v");
    for (int opcode : new int[] {SET, ADD, REPLACE}) {
      expect(
          request(opcode, "k", store(0, 0), "x").withCas(cas + 1), EXISTS, "Data exists for key.");
    }
    expect(request(0x0e, "k", "", "x").withCas(cas + 1), EXISTS, "Data exists for key.");
    expect(request(DELETE, "k", "", "").withCas(cas + 1), EXISTS, "Data exists for key.");
    BinaryMessage replaced = ask(request(REPLACE, "k", store(0, 0), "x").withCas(cas));
    assertThat(replaced.status()).isEqualTo(OK);
    expect(request(DELETE, "k", "", "").withCas(replaced.cas()), OK, "");
    expect(request(DELETE, "k", "", ""), NOT_FOUND, "Not found");
  }

  @Test
  void countsWithAnInitialValue() throws IOException {
    expect(request(INCREMENT, "n", counter(1, 5, -1), ""), NOT_FOUND, "Not found");
    BinaryMessage created = ask(request(INCREMENT, "n", counter(1, 5, 0), ""));
    assertThat(created.value()).isEqualTo("\0\0\0\0\0\0\0\5");
    assertThat(created.cas()).isNotZero();
    expect(request(INCREMENT, "n", counter(2, 5, 0), ""), OK, "\0\0\0\0\0\0\0\7");
    expect(request(DECREMENT, "n", counter(9, 5, 0), ""), OK, "\0\0\0\0\0\0\0\0");
    expect(
        request(INCREMENT, "n", counter(1, 5, 0), "").withCas(1), EXISTS, "Data exists for key.");
    set("n", "x");
    expect(
        request(INCREMENT, "n", counter(1, 5, 0), ""),
        6,
        "Non-numeric server-side value for incr or decr");
  }

  @Test
  void takesTimesOf32BitsWithoutSign() throws IOException {
    for (int time : new int[] {0x8000_0000, 0xFFFF_FFFF}) {
      expect(request(SET, "k", number(5) + number(time), "v"), OK, "");
      expect(request(GET, "k", "", ""), OK, number(5) + "v");
      expect(request(0x1c, "k", number(time), ""), OK, number(5));
      expect(request(0x1d, "k", number(time), ""), OK, number(5) + "v");
    }
    expect(request(INCREMENT, "n", counter(1, 5, 0x8000_0000), ""), OK, "\0\0\0\0\0\0\0\5");
    expect(request(GET, "n", "", ""), OK, number(0) + "5");
  }

  @Test
  void touchesAndFetchesWithANewExpiry() throws IOException {
    set("k", "v");
    expect(request(0x1c, "k", number(100), ""), OK, number(5));
    expect(request(0x1d, "k", number(100), ""), OK, number(5) + "v");
    expect(request(0x23, "k", number(100), ""), OK, number(5) + "kv");
    expect(request(0x1c, "m", number(100), ""), NOT_FOUND, "Not found");
    expect(request(0x23, "m", number(100), ""), NOT_FOUND, "m");
    expect(request(0x1d, "k", number(2_592_001), ""), OK, number(5) + "v");
    expect(request(GET, "k", "", ""), NOT_FOUND, "Not found");
  }

  @Test
  void answersWhatNeedsNoKey() throws IOException {
    expect(request(NOOP, "", "", ""), OK, "");
    expect(request(0x0b, "", "", ""), OK, "1.6.27");
    expect(request(0x1b, "", number(1), ""), OK, "");
    expect(request(0x1b, "", "", ""), 0x81, "Unknown command");
    expect(request(NOOP, "", "", ""), OK, "");
    expect(request(0x08, "", "", ""), 0x20, "Auth failure.");
    expect(request(0x10, "", "", ""), OK, "");
  }

  @ParameterizedTest
  @ValueSource(ints = {0x20, 0x21, 0x30, 0x3c, 0x80, 0xff})
  void knowsWhatItDoesNotKnowAndGoesOn(int opcode) throws IOException {
    expect(request(opcode, "key", "12345", "value"), 0x81, "Unknown command");
    expect(request(NOOP, "", "", ""), OK, "");
  }

  @ParameterizedTest
  @CsvSource({
    "0x00,k,1234,''",
    "0x00,'','',''",
    "0x00,k,'',v",
    "0x01,k,'',v",
    "0x01,'',12345678,v",
    "0x04,k,1234,''",
    "0x05,k,'',''",
    "0x0a,k,'',''",
    "0x0b,k,'',''",
    "0x08,'',12,''",
    "0x1c,k,'',''"
  })
  void closesOnLengthsThatContradictTheOpcode(
      String opcode, String key, String extras, String value) throws IOException {
    expect(request(Integer.decode(opcode), key, extras, value), INVALID, "Invalid arguments");
    assertThat(client.rest()).isEmpty();
  }

  @Test
  void limitsKeysAndValues() throws IOException {
    expect(request(GET, "k".repeat(250), "", ""), NOT_FOUND, "Not found");
    set("k", "old");
    expect(request(SET, "k", store(0, 0), "x".repeat((1 << 20) + 1)), 3, "Too large.");
    expect(request(GET, "k", "", ""), OK, number(5) + "old");
    set("k", "x".repeat(1 << 20));
    assertThat(ask(request(GET, "k", "", "")).value()).hasSize(1 << 20);
    expect(request(GET, "k".repeat(251), "", ""), INVALID, "Invalid arguments");
    assertThat(client.rest()).isEmpty();
  }

  @Test
  void closesOnQuitAfterAReplyAndOnQuietQuitWithoutOne() throws IOException {
    expect(request(0x07, "", "", ""), OK, "");
    assertThat(client.rest()).isEmpty();
    try (RawClient other = gateway.client()) {
      other.send(request(0x17, "", "", "").encoded());
      assertThat(other.rest()).isEmpty();
    }
  }

  @Test
  void closesWhenTheProtocolChangesMidway() throws IOException {
    expect(request(NOOP, "", "", ""), OK, "");
    client.send("get k\r\n");
    client.send(new byte[24]);
    assertThat(client.rest()).isEmpty();
  }
}
